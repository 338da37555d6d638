"""E-mail as files in the outbox: one file a letter, named by its Message-ID, so that sending twice is sending once."""

import hashlib
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class FileOutbox(BaseEmailBackend):
    """Writes each message to `EMAIL_FILE_PATH`; a message with a Message-ID of its own is written once."""

    repeats_safely = True

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """How many lie in the outbox now."""
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            given = message.extra_headers.get("Message-ID", "")
            name = hashlib.sha256(given.encode()).hexdigest()[:32] if given else secrets.token_hex(16)
            path = folder / f"{name}.eml"
            if not path.exists():
                _write(path, message.message().as_bytes())
        return len(email_messages)


def _write(path: Path, content: bytes) -> None:
    """The whole file or none, readable by its owner alone."""
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
