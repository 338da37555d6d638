"""Every paper of the house made into one document as data: what stands on it, never how it is drawn."""
