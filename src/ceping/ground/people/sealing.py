"""Personal data at rest: AES-GCM under a key that is named in each value, and a keyed hash to find it again by.

A value is bound to its table and column: moved to another it no longer opens. Found again only whole, never in part.
"""

import hashlib
import hmac
import json
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

_NONCE = 12
_FORM = b"\x01"


class SealBroken(ValueError):
    """A sealed value does not open: its key is gone, or it was altered or moved."""


def seal(text: str, *, place: str) -> bytes:
    """The text encrypted under the current key: form, length and name of the key, nonce, ciphertext with tag."""
    name = settings.DATA_KEYS.current.encode()
    head = _FORM + bytes([len(name)]) + name
    nonce = os.urandom(_NONCE)
    key = settings.DATA_KEYS.keys[name.decode()]
    return head + nonce + AESGCM(key).encrypt(nonce, text.encode(), head + place.encode())


def unseal(data: bytes, *, place: str) -> str:
    """The text again. Raises SealBroken."""
    if data[:1] != _FORM or len(data) < 2 + data[1] + _NONCE:
        raise SealBroken(place)
    end = 2 + data[1]
    key = settings.DATA_KEYS.keys.get(data[2:end].decode("ascii", "replace"))
    if key is None:
        raise SealBroken(place)
    try:
        opened = AESGCM(key).decrypt(data[end : end + _NONCE], data[end + _NONCE :], data[:end] + place.encode())
    except InvalidTag:
        raise SealBroken(place) from None
    return opened.decode()


def blind_index(text: str, *, kind: str) -> str:
    """A keyed hash of a value (cleaned by the caller), the same for equal values of one kind; empty for empty."""
    if not text:
        return ""
    return hmac.new(settings.DATA_KEYS.index, f"{kind}\0{text}".encode(), hashlib.sha256).hexdigest()


class SealedText(models.Field):  # type: ignore[type-arg]
    """Text that lies sealed in the database and is plain in Python; empty by default, never searched by value."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- Django's own open signature
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    @property
    def place(self) -> str:
        """What the values of this column are bound to."""
        return f"{self.model._meta.db_table}.{self.column}"  # noqa: SLF001 -- Django's documented door

    def get_internal_type(self) -> str:
        """Bytes, to the database."""
        return "BinaryField"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002
        """Bytes for the database."""
        if value is not None and not isinstance(value, bytes):
            value = seal(self.to_text(value), place=self.place)
        return super().get_db_prep_value(value, connection, prepared)

    def from_db_value(self, value: Any, _expression: object, _connection: object) -> Any:  # noqa: ANN401 -- as above
        """Plain again."""
        return None if value is None else self.from_text(unseal(bytes(value), place=self.place))

    def value_to_string(self, obj: models.Model) -> str:  # noqa: ARG002 -- as above
        """Nothing: fixtures never carry personal data."""
        return ""

    def to_text(self, value: Any) -> str:  # noqa: ANN401 -- as above
        """What is sealed."""
        return str(value)

    def from_text(self, text: str) -> Any:  # noqa: ANN401 -- as above
        """What Python sees."""
        return text


class SealedJSON(SealedText):
    """JSON values that lie sealed in the database."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- as above
        kwargs.setdefault("default", dict)
        super().__init__(*args, **kwargs)

    def to_text(self, value: Any) -> str:  # noqa: ANN401 -- as above
        """Canonical JSON."""
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)

    def from_text(self, text: str) -> Any:  # noqa: ANN401 -- as above
        """The values."""
        return json.loads(text)
