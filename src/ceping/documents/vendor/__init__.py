"""Programs of others that travel in what this project writes, each with its licence and its checksum."""
