"""Files: one gate for every upload, bytes by their checksum, who looked."""
