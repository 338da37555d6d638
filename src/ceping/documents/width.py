"""How much room a text takes, counted in half-widths of a Chinese letter."""

# Latin letters, digits and their punctuation take half the room of a Chinese character; the first CJK sign is U+2E80.
_HALF = 0x2E7F


def room(text: str) -> int:
    """The width of the longest line in half-widths: a Chinese character takes two."""
    return max((sum(2 if ord(char) > _HALF else 1 for char in line) for line in text.split("\n")), default=0)
