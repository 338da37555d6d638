"""One file on its way in: read to its end and looked at before the database is asked for anything more."""

from collections.abc import Collection, Iterator
from threading import BoundedSemaphore
from urllib.parse import unquote

from django.core.files.uploadedfile import UploadedFile
from django.db import connection
from django.http import HttpRequest

from ceping.core.finding import fault
from ceping.documents.inspection.kind import Kind
from ceping.documents.inspection.names import shown_name
from ceping.ground.files.actions import MB, MOST_BYTES, Arrived, take_in
from ceping.ground.people.access import Refused

_PIECE = 1024 * 1024
# Of the 16 threads of a process: however many senders are slow, some threads are left for everybody else.
_AT_ONCE = 10
_places = BoundedSemaphore(_AT_ONCE)
_RAW = "application/octet-stream"


class Busy(Refused):
    """As many files are on their way in as one process takes; nothing was read, and it can be tried again."""


def is_raw(request: HttpRequest) -> bool:
    """Whether the body is the file itself, as the page's own script sends it, and not a form."""
    return request.content_type == _RAW


def take_body(request: HttpRequest, *, wanted: Collection[Kind]) -> Arrived:
    """The file that is the body, named by the header `X-File-Name`. Raises Refused or Busy, and keeps nothing then.

    A sender may be slow: the connection to the database goes back to the pool before the first byte is read.
    """
    name = unquote(request.headers.get("X-File-Name", ""))[:400]
    size = int(request.META.get("CONTENT_LENGTH") or 0)
    if not size:
        raise Refused(fault("evidence_no_file"))
    if size > MOST_BYTES:
        raise Refused(fault("file_bytes", file=shown_name(name), most=f"{MOST_BYTES // MB} MB"))
    if not _places.acquire(blocking=False):
        raise Busy(fault("evidence_busy"))
    try:
        _let_go()
        return take_in(_whole(request, size, name), name=name, wanted=wanted)
    finally:
        _places.release()


def take_file(upload: "UploadedFile[bytes]", *, wanted: Collection[Kind]) -> Arrived:
    """A file of a form, whose body Django has read already. Raises Refused."""
    _let_go()
    return take_in(upload.chunks(), name=upload.name or "", wanted=wanted)


def _whole(request: HttpRequest, size: int, name: str) -> Iterator[bytes]:
    """The pieces of the body. A line that broke is no end of the file: raises Refused."""
    came = 0
    try:
        while piece := request.read(_PIECE):
            came += len(piece)
            yield piece
    except OSError:
        pass
    if came != size:
        raise Refused(fault("evidence_cut_off", file=shown_name(name), wanted=size, given=came))


def _let_go() -> None:
    if not connection.in_atomic_block:
        connection.close()
