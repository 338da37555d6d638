"""What a file from outside really is and whether it is safe to parse, told by its bytes before any parser sees them."""
