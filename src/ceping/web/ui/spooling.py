"""What a form brings in is read only where files are wanted, from whom they are wanted; anything else stays small.

Django reads a form whole, files and all, when the first question is asked of it: the token's. That is before any view.
"""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

from ceping.ground.files.actions import MB, MOST_BYTES
from ceping.web.ui.door import door_of

_MOST_OF_STRANGERS = 50 * MB


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
        files = _most_of_files(self.request) if self.request is not None else 0
        if content_length > settings.DATA_UPLOAD_MAX_MEMORY_SIZE + files:
            raise RequestDataTooBig(content_length)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002 -- as Django calls it
        """On to the next handler."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler has it."""


def _most_of_files(request: HttpRequest) -> int:
    """How many bytes of files the address takes from this reader; of somebody who is not known, less."""
    made = door_of(request.resolver_match.func) if request.resolver_match is not None else None
    if made is None or not made.files:
        return 0
    if made.public:
        return MOST_BYTES if request.user.is_authenticated else _MOST_OF_STRANGERS
    if not request.user.is_authenticated or (made.roles and not made.roles & request.user.roles):
        return 0
    return MOST_BYTES
