"""The one gate for files: what comes in is looked at, kept by its hash, and only then has a name here."""

import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from ceping.core.finding import Finding, errors_in, fault
from ceping.documents.inspection.entrance import inspect
from ceping.documents.inspection.kind import PICTURES, Kind
from ceping.documents.inspection.names import shown_name
from ceping.ground.files.models import Blob, File, Look
from ceping.ground.files.store import keep, keep_bytes, lying, place_of, receive
from ceping.ground.people.access import Refused
from ceping.ground.people.models import Institution, User

MB = 1024 * 1024
MOST_BYTES = 200 * MB
EVIDENCE = PICTURES | {Kind.PDF, Kind.DOCX, Kind.XLSX, Kind.VIDEO}


@dataclass(frozen=True, slots=True)
class Arrived:
    """An upload whose bytes are safe on disk, before any transaction: its hash, and what was found in it."""

    sha256: str
    size: int
    kind: str
    name: str
    notes: tuple[Finding, ...]


def take_in(pieces: Iterable[bytes], *, name: str, wanted: Collection[Kind]) -> Arrived:
    """The bytes are looked at in a child with limits and lie under their hash; touches no database.

    Called before a transaction or connection is taken, so that a slow sender holds nobody. Raises Refused with every
    finding; nothing is kept then.
    """
    try:
        path = receive(pieces, most=MOST_BYTES)
    except ValueError:
        raise Refused(fault("file_bytes", file=shown_name(name), most=f"{MOST_BYTES // MB} MB")) from None
    try:
        found = inspect(path, name=name, wanted=wanted)
        if errors := errors_in(found.findings):
            raise Refused(*errors)
        sha256 = keep(path)
    finally:
        path.unlink(missing_ok=True)
    return Arrived(sha256, found.size, found.kind.value, found.name, found.findings)


@transaction.atomic
def add_file(*, arrived: Arrived, purpose: str, institution: Institution | None, by: User | None, at: datetime) -> File:
    """The bytes have a name here, an owner and a purpose."""
    blob, _ = Blob.objects.get_or_create(
        sha256=arrived.sha256, defaults={"size": arrived.size, "kind": arrived.kind, "stored_at": at}
    )
    return File.objects.create(
        token=secrets.token_urlsafe(18),
        blob=blob,
        name=arrived.name,
        purpose=purpose,
        institution=institution,
        notes=[note.as_json() for note in arrived.notes],
        given_by=by,
        given_at=at,
    )


def add_made(
    *, data: bytes, kind: str, name: str, purpose: str, institution: Institution | None, by: User | None, at: datetime
) -> File:
    """What the platform made stands among the files as what came in does."""
    sha256, size = keep_bytes(data), len(data)
    return _add_kept(
        sha256, size, kind=kind, name=name, purpose=purpose, institution=institution, given_by=by, given_at=at
    )


def add_made_file(
    *, path: Path, kind: str, name: str, purpose: str, institution: Institution | None, by: User | None, at: datetime
) -> File:
    """As `add_made`, for what may be too large to hold: the bytes of `path`, read piece by piece."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        sha256 = keep(receive(iter(lambda: stream.read(MB), b""), most=size))
    return _add_kept(
        sha256, size, kind=kind, name=name, purpose=purpose, institution=institution, given_by=by, given_at=at
    )


@transaction.atomic
def _add_kept(sha256: str, size: int, *, kind: str, name: str, given_at: datetime, **of: Any) -> File:  # noqa: ANN401 -- as the callers' own
    defaults = {"size": size, "kind": kind, "stored_at": given_at}
    blob, _ = Blob.objects.get_or_create(sha256=sha256, defaults=defaults)
    return File.objects.create(
        token=secrets.token_urlsafe(18), blob=blob, name=shown_name(name), given_at=given_at, **of
    )


def note_look(*, file: File, how: str, by: User, at: datetime) -> Look:
    """Who opened or downloaded the file is kept; access was asked of the file's own stage before."""
    return Look.objects.create(file=file, by=by, at=at, how=how)


def bytes_of(file: File) -> Path:
    """Where its bytes lie."""
    return place_of(file.blob.sha256)


def remove_unclaimed(*, before: datetime) -> int:
    """Bytes that no row names and that are older than `before` are gone: what a crash between disk and rows left."""
    known = set(Blob.objects.values_list("sha256", flat=True))
    left = [path for path in lying() if path.name not in known and path.stat().st_mtime < before.timestamp()]
    for path in left:
        path.unlink()
    return len(left)
