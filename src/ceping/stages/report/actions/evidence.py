"""Changes of the evidence: files added, replaced with their versions kept, taken out and brought back, described.

What comes in has passed the gate of `ground.files` before any of this: its bytes lie safe under their hash.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePosixPath

from django.db import transaction

from ceping.core.finding import fault
from ceping.folder.attachments_naming import Wanted, clean, official_names
from ceping.folder.attachments_naming import content_of as stated_content
from ceping.ground.files.actions import Arrived, add_file
from ceping.ground.files.models import File
from ceping.ground.journal.actions import record
from ceping.ground.journal.chain import season_chain
from ceping.ground.people.access import Refused
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.stages.report.actions.opened import hold_open, opened
from ceping.stages.report.models import Attachment, Entry
from ceping.stages.report.queries.evidence import Document, document_key, document_of, removed_from, went_with
from ceping.stages.report.queries.opening import document_open, item_place, opening_of
from ceping.stages.scheme.queries import rules_of

MOST_ATTACHMENTS = 2_000
PURPOSE = "evidence"
_LONGEST_CONTENT = 60


@dataclass(frozen=True, slots=True)
class Described:
    """What people say of a document: its item (None: under none), name, indicators proved, until when it holds."""

    item: int | None
    content: str
    indicators: Sequence[str] = ()
    valid_until: date | None = None


@transaction.atomic
def add_evidence(
    *, entry: Entry, arrived: Arrived, item: int | None, by: User, at: datetime, indicators: Sequence[str] = ()
) -> Attachment:
    """The file stands under the item under an official name; the same bytes sent again answer the one that stands.

    Raises NotAllowed, Refused for an item or indicator the form does not know, or too many files.
    """
    entry = opened(entry, by, at)
    _check(entry, item, indicators)
    # What proves something lies under no item and takes nothing from anybody: it may always come.
    hold_open(entry, *(() if item is None else (item_place(item),)))
    if (there := _already(entry, arrived.sha256, item)) is not None:
        return there
    _check_count(entry, 1)
    file = add_file(arrived=arrived, purpose=PURPOSE, institution=entry.institution, by=by, at=at)
    content, page = stated_content(arrived.name)
    name = _free_names(entry, item, content, _suffix(arrived.name, arrived.kind), page=page)[0]
    made = _attach(entry, file, name, Described(item, content, tuple(indicators)), None, by, at)
    _record("add_evidence", entry, made, by, at, sha256=arrived.sha256)
    return made


@transaction.atomic
def replace_evidence(*, entry: Entry, attachment: int, arrived: Arrived, by: User, at: datetime) -> Attachment:
    """The file stands in the place of that document, whose pages are kept as its earlier version.

    Raises NotAllowed, and Refused when the document does not stand any more.
    """
    entry = opened(entry, by, at)
    old = _standing(entry, attachment)
    _hold_open(entry, old.first)
    if len(old.pages) == 1 and old.first.file.blob.sha256 == arrived.sha256:
        return old.first
    said = Described(old.first.item, old.content, old.indicators, old.valid_until)
    _take_out(old, at)
    file = add_file(arrived=arrived, purpose=PURPOSE, institution=entry.institution, by=by, at=at)
    name = _free_names(entry, said.item, said.content, _suffix(arrived.name, arrived.kind))[0]
    made = _attach(entry, file, name, said, old.first, by, at)
    _record("replace_evidence", entry, made, by, at, sha256=arrived.sha256, replaces=old.first.pk)
    return made


@transaction.atomic
def remove_evidence(*, entry: Entry, attachment: int, by: User, at: datetime) -> Document:
    """The document is taken out, all pages; `restore_evidence` brings it back. Raises NotAllowed and Refused."""
    entry = opened(entry, by, at)
    old = _standing(entry, attachment)
    _hold_open(entry, old.first)
    _take_out(old, at)
    _record("remove_evidence", entry, old.first, by, at, pages=len(old.pages))
    return old


@transaction.atomic
def restore_evidence(*, entry: Entry, attachment: int, by: User, at: datetime) -> list[Attachment]:
    """What went out together with that attachment stands again, renamed where its name is taken meanwhile.

    Raises NotAllowed, Refused when it stands or was replaced by another version.
    """
    entry = opened(entry, by, at)
    removed = sorted(removed_from(entry), key=lambda page: page.pk)
    one = next((page for page in removed if page.pk == attachment), None)
    if one is None:
        raise Refused(fault("evidence_not_removed"))
    _hold_open(entry, one)
    pages = [page for page in removed if went_with(page) == went_with(one)]
    _check_count(entry, len(pages))
    taken = set(entry.attachments.filter(item=one.item, removed_at=None).values_list("name", flat=True))
    if taken & {page.name for page in pages}:
        content, _ = stated_content(one.name)
        suffix = PurePosixPath(one.name).suffix.removeprefix(".")
        count = len(pages) if len(pages) > 1 else None
        for page, name in zip(pages, _free_names(entry, one.item, content, suffix, pages=count), strict=True):
            page.name = name
    for page in pages:
        page.removed_at = None
        page.save(update_fields=["removed_at", "name"])
    _record("restore_evidence", entry, one, by, at, pages=len(pages))
    return pages


@transaction.atomic
def describe_evidence(*, entry: Entry, attachment: int, said: Described, by: User, at: datetime) -> Attachment:
    """The document lies under that item, under that name, proves those indicators and holds until that day.

    Raises NotAllowed and Refused.
    """
    entry = opened(entry, by, at)
    old = _standing(entry, attachment)
    _check(entry, said.item, said.indicators)
    _hold_open(entry, old.first)
    if said.item is not None and said.item != old.first.item:
        hold_open(entry, item_place(said.item))
    content = clean(said.content.strip())[:_LONGEST_CONTENT] if said.content.strip() else old.content
    if (said.item, content) != (old.first.item, old.content):
        suffix = PurePosixPath(old.first.name).suffix.removeprefix(".")
        own = {page.pk for page in old.pages}
        count = len(old.pages) if len(old.pages) > 1 or suffix == "jpg" else None
        names = _free_names(entry, said.item, content, suffix, pages=count, without=own)
        for page, name in zip(old.pages, names, strict=True):
            page.name = name
    for page in old.pages:
        page.item, page.indicators, page.valid_until = said.item, sorted(set(said.indicators)), said.valid_until
        page.save(update_fields=["name", "item", "indicators", "valid_until"])
    _record("describe_evidence", entry, old.first, by, at, indicators=sorted(set(said.indicators)))
    return old.first


@transaction.atomic
def settle_evidence(*, entry: Entry, attachment: int, pages: Sequence[File], by: User, at: datetime) -> int:
    """The converted pages stand where their scan stood, which is kept as their earlier version; answers how many.

    0 when the scan was taken out or replaced meanwhile. Raises NotAllowed when the report is closed by now: the scan
    then stays as it was handed in.
    """
    entry = opened(entry, by, at)
    old = document_of(entry, attachment)
    scan = next((page for page in old.pages if page.pk == attachment), None) if old is not None else None
    if old is None or scan is None:
        return 0
    _hold_open(entry, scan)
    if len(pages) == 1 and pages[0].blob_id == scan.file.blob_id and scan.name.endswith(".jpg"):
        return 0
    _check_count(entry, len(pages) - 1)
    scan.removed_at = at
    scan.save(update_fields=["removed_at"])
    said = Described(scan.item, old.content, scan.indicators, scan.valid_until)
    _, page = stated_content(scan.name)
    names = _free_names(entry, scan.item, old.content, "jpg", pages=len(pages), page=page)
    for file, name in zip(pages, names, strict=True):
        _attach(entry, file, name, said, scan, by, at)
    _record("settle_evidence", entry, scan, by, at, pages=len(pages))
    return len(pages)


def _hold_open(entry: Entry, page: Attachment) -> None:
    """The document of that page is open. Raises NotAllowed."""
    if not document_open(entry, opening_of(entry), page):
        hold_open(entry, item_place(page.item))


def _standing(entry: Entry, attachment: int) -> Document:
    found = document_of(entry, attachment)
    if found is None:
        raise Refused(fault("evidence_gone"))
    return found


def _take_out(document: Document, at: datetime) -> None:
    Attachment.objects.filter(pk__in=[page.pk for page in document.pages]).update(removed_at=at)


def _already(entry: Entry, sha256: str, item: int | None) -> Attachment | None:
    """The same bytes under the same item, or the pages that were made of them."""
    standing = entry.attachments.filter(item=item, removed_at=None)
    same = standing.filter(file__blob__sha256=sha256).first()
    return same or standing.filter(replaces__file__blob__sha256=sha256).order_by("pk").first()


def _attach(
    entry: Entry, file: File, name: str, said: Described, replaces: Attachment | None, by: User, at: datetime
) -> Attachment:
    return Attachment.objects.create(
        entry=entry,
        file=file,
        name=name,
        item=said.item,
        indicators=sorted(set(said.indicators)),
        valid_until=said.valid_until,
        replaces=replaces,
        added_by=by,
        added_at=at,
    )


def _free_names(
    entry: Entry,
    item: int | None,
    content: str,
    suffix: str,
    *,
    pages: int | None = None,
    page: int | None = None,
    without: set[int] | None = None,
) -> list[str]:
    """Official names that no standing document under the item has; `page` is the one a file's own name states."""
    standing = entry.attachments.filter(item=item, removed_at=None).exclude(pk__in=without or ())
    names = set(standing.values_list("name", flat=True))
    taken, number, source = {document_key(name) for name in names}, 1, content
    if page is not None and pages in (None, 1) and suffix in rules_of(entry.season).form.checklist.scan_suffixes:
        alone = official_names([Wanted(f"{clean(content)}_{page}", item, suffix, 1)])[0]
        # Pages that came one by one belong together.
        if alone[0] not in names:
            return alone
    if suffix in rules_of(entry.season).form.checklist.scan_suffixes[:1]:
        pages = pages or 1
    while True:
        made = official_names([Wanted(source, item, suffix, pages, content=source)])[0]
        if document_key(made[0]) not in taken:
            return made
        number += 1
        source = f"{clean(content)}-{number}"


def _suffix(name: str, kind: str) -> str:
    suffix = PurePosixPath(name).suffix.lower().removeprefix(".")
    return suffix if suffix.isascii() and suffix.isalnum() else kind


def _check(entry: Entry, item: int | None, indicators: Sequence[str]) -> None:
    rules = rules_of(entry.season)
    if item is not None and rules.form.item(item) is None:
        raise Refused(fault("evidence_item_unknown", given=item))
    known = {leaf.id for leaf in rules.indicators.leaves} | {one.key for one in rules.scored}
    if unknown := sorted(set(indicators) - known):
        raise Refused(fault("evidence_indicator_unknown", given=unknown[0][:40]))


def _check_count(entry: Entry, more: int) -> None:
    count = entry.attachments.filter(removed_at=None).count() + more
    if count > MOST_ATTACHMENTS:
        raise Refused(fault("evidence_too_many", most=MOST_ATTACHMENTS, given=count))


def _record(act: str, entry: Entry, one: Attachment, by: User, at: datetime, **body: object) -> None:
    about, chain = ("entry", entry.pk), season_chain(entry.season_id)
    told = {"attachment": one.pk, "item": one.item, **body}
    record(act, by=by, role=Role.INSTITUTION, at=at, about=about, chain=chain, body=told)
