"""Keys of other systems: found by their hash, which alone is kept."""

import hashlib

from ceping.stages.points.models import Token


def hash_of_token(text: str) -> str:
    """What is kept of a token; it is random enough that a plain hash cannot be turned back."""
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()


def token_by(text: str) -> Token | None:
    """The token of that text, whether it still holds or not."""
    return Token.objects.filter(token_sha256=hash_of_token(text)).first()
