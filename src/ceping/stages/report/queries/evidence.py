"""What is asked of evidence: documents under their items, pages together, versions, and who may look at a file."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePosixPath

from ceping.documents.inspection.kind import PICTURES
from ceping.ground.people.models import User
from ceping.stages.report.models import Attachment, Entry
from ceping.stages.report.queries.draft import entries_readable, last_submission, own_entries

# Also as the demo and other tools write the kind.
_DRAWN = {kind.value for kind in PICTURES} | {"pdf", "image/jpeg"}
_PAGE = re.compile(r"_[0-9]{1,4}$", re.ASCII)


@dataclass(slots=True)
class Document:
    """What people call one document: one file, or the pages of one scan. `first` stands for it in addresses."""

    first: Attachment
    pages: list[Attachment]
    content: str
    also: list[str] = field(default_factory=list)

    @property
    def indicators(self) -> list[str]:
        """The indicators it proves."""
        return self.first.indicators

    @property
    def valid_until(self) -> date | None:
        """Until when it holds, where it says so."""
        return self.first.valid_until

    @property
    def size(self) -> int:
        """Bytes of all pages."""
        return sum(page.file.blob.size for page in self.pages)

    @property
    def suffix(self) -> str:
        """Its kind as people see it."""
        return PurePosixPath(self.first.name).suffix.removeprefix(".").upper()

    @property
    def drawn(self) -> bool:
        """Whether its pages can be shown as pictures."""
        return self.first.file.blob.kind in _DRAWN

    @property
    def name(self) -> str:
        """The name of its only file, else the names' common part with the suffix."""
        if len(self.pages) == 1:
            return self.first.name
        path = PurePosixPath(self.first.name)
        return f"{_PAGE.sub('', path.stem)}（{len(self.pages)} 页）{path.suffix}"


def documents_of(entry: Entry) -> dict[int | None, list[Document]]:
    """The documents of a draft by item, each with where else the same bytes stand; None: under no item."""
    standing = entry.attachments.filter(removed_at=None).select_related("file__blob", "added_by").order_by("pk")
    return documents_in(list(standing))


def documents_in(attachments: Sequence[Attachment]) -> dict[int | None, list[Document]]:
    """As `documents_of`, of these attachments."""
    found: dict[tuple[int | None, str], Document] = {}
    same: defaultdict[str, list[Attachment]] = defaultdict(list)
    for one in attachments:
        same[one.file.blob.sha256].append(one)
        key = (one.item, document_key(one.name))
        if key in found:
            found[key].pages.append(one)
        else:
            found[key] = Document(one, [one], content_of(one.name))
    by_item: defaultdict[int | None, list[Document]] = defaultdict(list)
    for document in found.values():
        document.pages.sort(key=lambda page: (_page_number(page.name), page.pk))
        own = {page.pk for page in document.pages}
        others = [other for page in document.pages for other in same[page.file.blob.sha256] if other.pk not in own]
        document.also = list(dict.fromkeys(other.name for other in others))
        by_item[document.first.item].append(document)
    return by_item


def document_of(entry: Entry, attachment: int) -> Document | None:
    """The standing document that this attachment is a page of."""
    for documents in documents_of(entry).values():
        for document in documents:
            if any(page.pk == attachment for page in document.pages):
                return document
    return None


def removed_from(entry: Entry) -> list[Attachment]:
    """What was taken out and not replaced, the last first: each can be brought back."""
    gone = list(entry.attachments.exclude(removed_at=None).select_related("file__blob").order_by("-removed_at", "pk"))
    replaced = set(entry.attachments.exclude(replaces=None).values_list("replaces_id", flat=True))
    # A newer version names one page of what it replaced; the others went out with that.
    with_them = {went_with(one) for one in gone if one.pk in replaced}
    return [one for one in gone if went_with(one) not in with_them]


def went_with(one: Attachment) -> tuple[object, ...]:
    """What the pages of one document share that were taken out together."""
    return one.item, one.removed_at, document_key(one.name), one.replaces_id


def versions_of(entry: Entry) -> dict[int, list[Attachment]]:
    """For each attachment that replaced others, those before it, the newest first."""
    every = {one.pk: one for one in entry.attachments.select_related("file__blob", "added_by")}
    found: dict[int, list[Attachment]] = {}
    for one in every.values():
        before, at = [], one
        while at.replaces_id is not None and at.replaces_id in every:
            at = every[at.replaces_id]
            before.append(at)
        if before:
            found[one.pk] = before
    return found


def document_key(name: str) -> str:
    """What the pages of one document share."""
    path = PurePosixPath(name)
    return f"{_PAGE.sub('', path.stem)}{path.suffix}".casefold()


def content_of(name: str) -> str:
    """What a name says beside item, page and suffix."""
    stem = _PAGE.sub("", PurePosixPath(name).stem)
    _, found, rest = stem.partition("_")
    return rest if found and stem.startswith(("附件", "未归项")) else stem


def attachment_readable(user: User, token: str) -> Attachment | None:
    """The attachment of that file if this person may look at it.

    The institution sees all of its own; everybody else only what belongs to the submission in force.
    """
    found = Attachment.objects.select_related("file__blob", "file__institution", "entry").filter(file__token=token)
    one = found.first()
    if one is None:
        return None
    if own_entries(user).filter(pk=one.entry_id).exists():
        return one
    entry = entries_readable(user).filter(pk=one.entry_id).first()
    submission = last_submission(entry) if entry is not None else None
    if submission is None:
        return None
    at = submission.submitted_at
    handed_in = one.added_at <= at and (one.removed_at is None or one.removed_at > at)
    return one if handed_in else None


def _page_number(name: str) -> int:
    found = _PAGE.search(PurePosixPath(name).stem)
    return int(found[0][1:]) if found else 0
