"""Log-in through an identity provider: read only where the surroundings name one."""
