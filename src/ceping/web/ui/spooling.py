"""What a form brings in is read only where files are wanted, from whom they are wanted; anything else stays small.

Django reads a form whole, files and all, when the first question is asked of it: the token's. That is before any view.
"""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

from ceping.ground.files.actions import MOST_BYTES
from ceping.web.ui.door import door_of


class SpoolingHandler(FileUploadHandler):
    """First of the handlers: refuses a large form before its first byte; of files themselves it takes none."""

    def handle_raw_input(
        self,
        input_data: object,  # noqa: ARG002 -- as Django calls it
        META: dict[str, str],  # noqa: ARG002, N803
        content_length: int,
        boundary: str,  # noqa: ARG002
        encoding: str | None = None,  # noqa: ARG002
    ) -> None:
        """The next handlers go on. Raises RequestDataTooBig, told as 413."""
        small = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        most = MOST_BYTES + small if self.request is not None and _takes_files(self.request) else small
        if content_length > most:
            raise RequestDataTooBig(content_length)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002 -- as Django calls it
        """On to the next handler."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler has it."""


def _takes_files(request: HttpRequest) -> bool:
    """Whether the address takes files, from this reader."""
    made = door_of(request.resolver_match.func) if request.resolver_match is not None else None
    if made is None or not made.files or not request.user.is_authenticated:
        return False
    return not made.roles or bool(made.roles & request.user.roles)
