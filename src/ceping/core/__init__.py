"""The rules: plain values in, plain values out; no framework, clock, float, or chance but SHA-256(seed, counter)."""
