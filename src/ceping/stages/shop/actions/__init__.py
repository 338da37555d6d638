"""Changes of shops and what happens in them."""
