"""Style sheets, scripts and icons of others that the pages carry, each with its licence and its checksum."""
