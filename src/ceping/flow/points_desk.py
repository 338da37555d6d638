"""Long work of the operator's desk of points: files taken in, rules compared and followed; beside the pages."""

import csv
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from ceping.bulk.request import Encoding
from ceping.core.finding import fault
from ceping.ground.files.actions import Arrived, add_file, add_made_file, bytes_of
from ceping.ground.files.models import File
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.ground.work.actions import ask_for, tell_progress
from ceping.ground.work.models import Job
from ceping.ground.work.queries import under_way
from ceping.ground.work.tasks import Made
from ceping.stages.points.access import why_not_oversee
from ceping.stages.points.actions.adopting import adopt_rules, follow_rules
from ceping.stages.points.actions.importing import Files, import_files
from ceping.stages.points.queries.changes import changes_under
from ceping.stages.points.queries.rules import rules_in_version
from ceping.stages.points.tasks import post
from ceping.stages.scheme.models import SchemeVersion
from ceping.stages.scheme.states import VersionState

IMPORT, PREVIEW, FOLLOW = "import_points", "preview_rules", "follow_rules"
ABOUT = "points:desk"
PURPOSE, SOURCE = "points", "file"
# A page shows these many of the shops that change level; the count is of all.
_MOST_SHOWN = 2_000


@transaction.atomic
def ask_to_import(
    *, shops: Arrived | None, events: Sequence[Arrived], encoding: Encoding, by: User, at: datetime
) -> Job:
    """The files are taken in by a worker, one delivery after another. Raises NotAllowed; Refused without a file."""
    _allow(by)
    if shops is None and not events:
        raise Refused(fault("points_no_file"))
    _free(IMPORT)

    def kept(arrived: Arrived) -> int:
        return add_file(arrived=arrived, purpose=PURPOSE, institution=None, by=by, at=at).pk

    given = {
        "shops": kept(shops) if shops is not None else None,
        "events": [kept(one) for one in events],
        "encoding": encoding.value,
        "names": [one.name for one in (shops, *events) if one is not None],
    }
    return ask_for(kind=IMPORT, about=ABOUT, given=given, begin=_begins("flow.import_points"), by=by, at=at)


@transaction.atomic
def ask_to_preview(*, version: SchemeVersion, by: User, at: datetime) -> Job:
    """Who would change level by that version is counted by a worker; nothing is written.

    Raises NotAllowed; Refused for a version that is not published or holds no cloud shop.
    """
    _allow(by)
    if version.state != VersionState.PUBLISHED or rules_in_version(version) is None:
        raise Refused(fault("points_version_without"))
    going = under_way(ABOUT, PREVIEW).first()
    if going is not None and going.given.get("version") == version.pk:
        return going
    given = {"version": version.pk, "label": str(version)}
    return ask_for(kind=PREVIEW, about=ABOUT, given=given, begin=_begins("flow.preview_rules"), by=by, at=at)


@transaction.atomic
def change_rules(*, version: SchemeVersion, reason: str, by: User, at: datetime) -> Job:
    """The version is in force, and a worker brings every shop to it. Raises as `adopt_rules`."""
    made = adopt_rules(version=version, reason=reason, by=by, at=at)
    return _follow(str(made.version), by, at)


@transaction.atomic
def ask_to_follow(*, by: User, at: datetime) -> Job:
    """Shops that still stand by other rules are brought to those in force. Raises NotAllowed; Refused meanwhile."""
    _allow(by)
    _free(FOLLOW)
    return _follow("", by, at)


def imported(job: Job) -> Made:
    """The work itself: everything good is in the log and in the ledger, the rest in a list to fetch."""
    given = job.given
    with tempfile.TemporaryDirectory(prefix="ceping-taking-") as name:
        folder = Path(name)
        shops = _laid(given["shops"], folder / "shops") if given["shops"] is not None else None
        events = [_laid(key, folder / f"events-{number}") for number, key in enumerate(given["events"])]
        out = folder / "rejected.csv"
        made = import_files(
            files=Files(shops, events, out, Encoding(given["encoding"])),
            source=SOURCE,
            by=job.asked_by,
            at=timezone.now(),
            tell=lambda done, total: tell_progress(job=job, done=done, total=total),
        )
        file = None
        if made.listed:
            file = add_made_file(
                path=out,
                kind="csv",
                name=f"没有收下的行-{timezone.localtime():%Y%m%d-%H%M}.csv",
                purpose=PURPOSE,
                institution=None,
                by=job.asked_by,
                at=timezone.now(),
            ).pk
        first = _first_lines(out) if made.listed else []
    # A worker asks for work before what it is about can be seen by others: it posts here.
    post()
    result = {"shops": made.shops, "outcomes": dict(made.outcomes), "listed": made.listed, "stopped": made.stopped}
    return {**result, "file": file, "first": first}, ()


def previewed(job: Job) -> Made:
    """The work itself: shops counted, those whose points move, and whose level does."""
    rules = rules_in_version(SchemeVersion.objects.get(pk=job.given["version"]))
    if rules is None:
        raise Refused(fault("points_version_without"))
    found = changes_under(rules, lambda done, total: tell_progress(job=job, done=done, total=total))
    levels: list[dict[str, Any]] = [asdict(one) for one in found.levels[:_MOST_SHOWN]]
    up = sum(one.up for one in found.levels)
    told = {"shops": found.shops, "moved": found.moved, "changed": len(found.levels), "up": up, "levels": levels}
    return told, ()


def followed(job: Job) -> Made:
    """The work itself: how many shops came over to the rules in force."""
    done = follow_rules(at=timezone.now(), tell=lambda done, total: tell_progress(job=job, done=done, total=total))
    return {"shops": done}, ()


def _first_lines(path: Path, most: int = 20) -> list[list[str]]:
    """The first rows of the list, for the page; the whole of it is a file."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream)
        next(rows, None)
        return [row for row, _ in zip(rows, range(most), strict=False)]


def _laid(key: int, folder: Path) -> Path:
    """A copy of the file under its own name, by which its findings are told."""
    file = File.objects.select_related("blob").get(pk=key)
    folder.mkdir()
    path = folder / Path(file.name).name
    shutil.copyfile(bytes_of(file), path)
    return path


def _follow(label: str, by: User, at: datetime) -> Job:
    begin = _begins("flow.follow_rules")
    return ask_for(kind=FOLLOW, about=ABOUT, given={"label": label}, begin=begin, by=by, at=at)


def _free(kind: str) -> None:
    if under_way(ABOUT, kind).exists():
        raise Refused(fault("points_work_going"))


def _begins(task: str) -> Any:  # noqa: ANN401 -- what procrastinate answers is its own
    return lambda token: app.configure_task(task).defer(token=token)


def _allow(by: User) -> None:
    if why := why_not_oversee(by):
        raise NotAllowed(why)
