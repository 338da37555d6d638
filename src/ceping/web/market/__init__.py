"""The cloud shops as anybody finds them and buyers use them."""
