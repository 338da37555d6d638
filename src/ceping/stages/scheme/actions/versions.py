"""Changes of schemes: copied and written in the browser, drafted, published by two persons."""

import re
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.db.models import Max

from ceping.core.finding import errors_in, fault
from ceping.core.scheme.whole import FILES
from ceping.ground.journal.actions import record
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.ground.people.roles import Act, Role
from ceping.stages.scheme.access import why_not_publish
from ceping.stages.scheme.actions.shared import allow, record_version
from ceping.stages.scheme.models import SchemeFile, SchemeVersion, WorkingCopy
from ceping.stages.scheme.queries import rules_in
from ceping.stages.scheme.states import VersionState

# The longest file of the shipped schemes has 26 000 characters.
MOST_CHARACTERS = 500_000
_VERSION = re.compile(r"^version[ \t]*=[ \t]*[0-9]+", re.MULTILINE)


@transaction.atomic
def draft_version(*, files: Mapping[str, str], by: User, at: datetime) -> SchemeVersion:
    """A version stands as a draft; files equal to a stored version's answer that one.

    Raises Refused with every finding when the files make no scheme, or the number is taken by other content.
    """
    allow(by, Act.PUBLISH)
    scheme, findings = rules_in(files)
    if scheme is None:
        raise Refused(*errors_in(findings))
    stored = SchemeVersion.objects.filter(scheme_id=scheme.id, version=scheme.version).first()
    if stored is not None:
        if stored.sha256 == scheme.sha256:
            return stored
        raise Refused(fault("scheme_version_taken", label=scheme.label))
    made = SchemeVersion.objects.create(
        scheme_id=scheme.id,
        version=scheme.version,
        title=scheme.header.title,
        sha256=scheme.sha256,
        drafted_by=by,
        drafted_at=at,
    )
    SchemeFile.objects.bulk_create(SchemeFile(version=made, name=name, text=text) for name, text in files.items())
    record_version("draft_scheme", made, by, at)
    return made


@transaction.atomic
def propose_version(*, version: SchemeVersion, by: User, at: datetime) -> SchemeVersion:
    """The first of two persons says the draft is to be published."""
    allow(by, Act.PUBLISH)
    locked = SchemeVersion.objects.select_for_update().get(pk=version.pk)
    if locked.state != VersionState.DRAFT:
        raise Refused(fault("scheme_not_draft"))
    locked.state, locked.proposed_by, locked.proposed_at = VersionState.PROPOSED, by, at
    locked.save(update_fields=["state", "proposed_by", "proposed_at"])
    record_version("propose_scheme", locked, by, at)
    return locked


@transaction.atomic
def publish_version(*, version: SchemeVersion, by: User, at: datetime) -> SchemeVersion:
    """The second person publishes the version; from then on nothing of it changes."""
    locked = SchemeVersion.objects.select_for_update(of=("self",)).select_related("proposed_by").get(pk=version.pk)
    if locked.state != VersionState.PROPOSED:
        raise Refused(fault("scheme_not_proposed"))
    if reason := why_not_publish(by, locked):
        raise NotAllowed(reason)
    locked.state, locked.published_by, locked.published_at = VersionState.PUBLISHED, by, at
    locked.save(update_fields=["state", "published_by", "published_at"])
    record_version("publish_scheme", locked, by, at)
    return locked


@transaction.atomic
def copy_version(*, version: SchemeVersion, by: User, at: datetime) -> WorkingCopy:
    """The version's files to be written on, under the next number that is free."""
    allow(by, Act.PUBLISH)
    # One copy at a time takes a number.
    SchemeVersion.objects.select_for_update().get(pk=version.pk)
    taken = SchemeVersion.objects.filter(scheme_id=version.scheme_id).aggregate(most=Max("version"))["most"]
    copied = WorkingCopy.objects.filter(source__scheme_id=version.scheme_id).aggregate(most=Max("version"))["most"]
    number = max(taken, copied or 0) + 1
    files = dict(version.files.values_list("name", "text"))
    files["scheme.toml"] = _VERSION.sub(f"version = {number}", files["scheme.toml"], count=1)
    made = WorkingCopy.objects.create(
        source=version, version=number, files=files, started_by=by, started_at=at, changed_by=by, changed_at=at
    )
    _record_copy("copy_scheme", made, by, at)
    return made


@transaction.atomic
def edit_copy(*, copy: WorkingCopy, name: str, text: str, revision: int, by: User, at: datetime) -> WorkingCopy:
    """One file reads so from now on; `revision` is the one it was read at.

    Raises Refused: over, changed by somebody meanwhile, no such file, too long. An optional file left empty goes.
    """
    allow(by, Act.PUBLISH)
    locked = _open_copy(copy)
    if locked.revision != revision:
        raise Refused(fault("scheme_copy_changed", by=locked.changed_by.name))
    if name not in FILES:
        raise Refused(fault("scheme_copy_file", name=name[:40]))
    if len(text) > MOST_CHARACTERS:
        raise Refused(fault("scheme_copy_long", most=MOST_CHARACTERS))
    text = text.replace("\r\n", "\n")
    if locked.files.get(name, "") == text:
        return locked
    locked.files = (
        {**locked.files, name: text} if text.strip() else {k: v for k, v in locked.files.items() if k != name}
    )
    locked.revision, locked.changed_by, locked.changed_at = revision + 1, by, at
    locked.save(update_fields=["files", "revision", "changed_by", "changed_at"])
    _record_copy("edit_scheme_copy", locked, by, at, file=name, file_sha256=sha256(text.encode()).hexdigest())
    return locked


@transaction.atomic
def draft_from_copy(*, copy: WorkingCopy, by: User, at: datetime) -> SchemeVersion:
    """The copy becomes a draft as it stands. Raises what `draft_version` raises."""
    locked = _open_copy(copy)
    made = draft_version(files=locked.files, by=by, at=at)
    locked.became = made
    locked.save(update_fields=["became"])
    return made


@transaction.atomic
def drop_copy(*, copy: WorkingCopy, by: User, at: datetime) -> WorkingCopy:
    """Nobody writes on it any more; its texts stay in the database."""
    allow(by, Act.PUBLISH)
    locked = _open_copy(copy)
    locked.dropped_at = at
    locked.save(update_fields=["dropped_at"])
    _record_copy("drop_scheme_copy", locked, by, at)
    return locked


def _open_copy(copy: WorkingCopy) -> WorkingCopy:
    """Locked. Raises Refused once it became a draft or was dropped."""
    rows = WorkingCopy.objects.select_for_update(of=("self",)).select_related("changed_by", "source")
    locked = rows.get(pk=copy.pk)
    if locked.became_id is not None or locked.dropped_at is not None:
        raise Refused(fault("scheme_copy_over"))
    return locked


def _record_copy(act: str, copy: WorkingCopy, by: User, at: datetime, **body: str) -> None:
    about = ("scheme_copy", copy.pk)
    record(act, by=by, role=Role.ORGANISER, at=at, about=about, body={"label": str(copy), **body})
