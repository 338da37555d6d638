"""Work on a report beside its pages: scans into JPG, a Word form read, the report printed."""

import hashlib
import shutil
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path, PurePosixPath

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from ceping.core.finding import fault
from ceping.core.report.reading import read_report
from ceping.documents import evidence as looking
from ceping.documents.confined import as_finding
from ceping.documents.inspection.kind import PICTURES, Kind
from ceping.documents.intake import word
from ceping.documents.refusal import Refused as Unreadable
from ceping.documents.report_files import report_files
from ceping.ground.files.actions import Arrived, add_file, add_made, bytes_of
from ceping.ground.files.models import File
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.ground.work.actions import ask_for, tell_progress
from ceping.ground.work.models import Job
from ceping.ground.work.tasks import Made, carry_out
from ceping.stages.report.access import why_not_write
from ceping.stages.report.actions import evidence
from ceping.stages.report.models import Attachment, Entry, Submission
from ceping.stages.report.queries import report_data
from ceping.stages.report.queries.draft import report_sha256
from ceping.stages.scheme.queries import rules_of

SETTLE, READ_WORD, PRINT = "settle_evidence", "read_word", "print_report"
WORD, MADE = "word", "made"
_SCANS = {kind.value for kind in PICTURES} | {Kind.PDF.value}


@app.task(name="report.settle_evidence")
def settle_evidence(token: str) -> None:
    """A scan becomes JPG pages; whatever else came in stays as it is."""
    carry_out(token, _settled)


@app.task(name="report.read_word")
def read_word(token: str) -> None:
    """A filled official form is read into the answers it holds."""
    carry_out(token, _read)


@app.task(name="report.print_report")
def print_report(token: str) -> None:
    """The draft with its mark, or a submission with number and hash, in PDF and Word."""
    carry_out(token, _printed)


@transaction.atomic
def take_evidence(
    *,
    entry: Entry,
    arrived: Arrived,
    by: User,
    at: datetime,
    item: int | None = None,
    indicators: Sequence[str] = (),
    replaces: int | None = None,
) -> tuple[Attachment, bool]:
    """The file stands among the evidence, and if it may be a scan its conversion waits for a worker.

    Answers the attachment and whether it is new. Raises what `add_evidence` and `replace_evidence` raise.
    """
    if replaces is None:
        made = evidence.add_evidence(entry=entry, arrived=arrived, item=item, indicators=indicators, by=by, at=at)
    else:
        made = evidence.replace_evidence(entry=entry, attachment=replaces, arrived=arrived, by=by, at=at)
    new = made.added_at == at and made.file.blob.sha256 == arrived.sha256
    if new and arrived.kind in _SCANS:
        given, begin = {"attachment": made.pk}, settle_evidence.defer
        ask_for(kind=SETTLE, about=about(entry), given=given, begin=lambda token: begin(token=token), by=by, at=at)
    return made, new


@transaction.atomic
def take_word(*, entry: Entry, arrived: Arrived, by: User, at: datetime) -> Job:
    """The Word form is kept, and reading it waits for a worker. Raises NotAllowed."""
    if reason := why_not_write(by, entry, at):
        raise NotAllowed(reason)
    file = add_file(arrived=arrived, purpose=WORD, institution=entry.institution, by=by, at=at)
    given = {"file": file.pk, "entry": entry.pk, "name": file.name}
    begin = read_word.defer
    return ask_for(
        kind=READ_WORD, about=about(entry), given=given, begin=lambda token: begin(token=token), by=by, at=at
    )


def ask_to_print(*, entry: Entry, submission: int | None, by: User, at: datetime) -> Job:
    """Printing waits for a worker: the draft as it stands, or the submission of that number."""
    given: dict[str, object] = {"entry": entry.pk, "submission": submission}
    given["sha256"] = report_sha256(report_data(entry)) if submission is None else ""
    begin = print_report.defer
    return ask_for(kind=PRINT, about=about(entry), given=given, begin=lambda token: begin(token=token), by=by, at=at)


def about(entry: Entry) -> str:
    """By which work is found that is about a report."""
    return f"entry:{entry.pk}"


def _settled(job: Job) -> Made:
    one = Attachment.objects.select_related("file__blob", "entry__institution").get(pk=job.given["attachment"])
    path, at = bytes_of(one.file), timezone.now()
    # The kind is told by the bytes, but some packages only by their name, which the store does not keep.
    with tempfile.TemporaryDirectory(prefix="ceping-scan-") as folder:
        name = f"scan.{one.file.blob.kind}"
        shutil.copyfile(path, Path(folder) / name)
        (facts,) = looking.facts_of(Path(folder), [name])
        if "refused" in facts:
            raise Refused(as_finding(Unreadable(facts["refused"], facts["values"]), file=one.name))
        if one.file.blob.kind == Kind.PDF.value and not facts.get("scan"):
            return {"pages": 0}, ()
        total = int(facts.get("pages", 1))
        tell_progress(job=job, done=0, total=total)
        into = Path(folder) / "pages"
        into.mkdir()
        (told,) = looking.converted(Path(folder), [name], into=into, stems=["page"])
        if "refused" in told:
            raise Refused(as_finding(Unreadable(told["refused"], told["values"]), file=one.name))
        made = [(into / page).read_bytes() for page in told["pages"]]
        if len(made) == 1 and hashlib.sha256(made[0]).hexdigest() == one.file.blob.sha256:
            # A plain JPG already: it stays the file it is.
            return {"pages": 0}, ()
        files = []
        for number, data in enumerate(made, 1):
            stem = PurePosixPath(one.name).stem
            files.append(_page_file(data, f"{stem}_{number}.jpg", one, job))
            if not tell_progress(job=job, done=number, total=len(made)):
                return {"pages": 0}, ()
    try:
        count = evidence.settle_evidence(entry=one.entry, attachment=one.pk, pages=files, by=job.asked_by, at=at)
    except NotAllowed:
        # Handed in meanwhile: what was handed in stays what it was.
        count = 0
    return {"pages": count}, ()


def _page_file(data: bytes, name: str, one: Attachment, job: Job) -> File:
    return add_made(
        data=data,
        kind=Kind.JPEG.value,
        name=name,
        purpose=evidence.PURPOSE,
        institution=one.entry.institution,
        by=job.asked_by,
        at=timezone.now(),
    )


def _read(job: Job) -> Made:
    file = File.objects.select_related("blob").get(pk=job.given["file"])
    entry = Entry.objects.select_related("season__scheme", "institution").get(pk=job.given["entry"])
    with tempfile.TemporaryDirectory(prefix="ceping-scheme-") as folder:
        for name, text in entry.season.scheme.files.values_list("name", "text"):
            (Path(folder) / Path(name).name).write_text(text, encoding="utf-8", newline="")
        taken = word.take_in(bytes_of(file), scheme=folder)
    if taken.report is None:
        raise Refused(*taken.findings)
    given = taken.report["institution"]["uscc"].strip()
    if given and given != entry.institution.uscc:
        raise Refused(fault("intake_other_institution", given=given[:40], wanted=entry.institution.uscc))
    return {"report": taken.report}, taken.findings


def _printed(job: Job) -> Made:
    entry = Entry.objects.select_related("season__scheme", "institution").get(pk=job.given["entry"])
    number = job.given.get("submission")
    submission = Submission.objects.get(entry=entry, number=number) if number else None
    data = submission.report if submission is not None else report_data(entry)
    report, _ = read_report(data)
    if report is None:
        raise Refused(fault("work_broke"))
    tell_progress(job=job, done=1, total=3)
    made = report_files(
        rules_of(entry.season),
        report,
        state="final" if submission is not None else "draft",
        number=submission.receipt if submission is not None else "",
        seals=submission is not None,
    )
    tell_progress(job=job, done=2, total=3)
    files = [
        add_made(
            data=content,
            kind=PurePosixPath(name).suffix.removeprefix("."),
            name=name,
            purpose=MADE,
            institution=entry.institution,
            by=job.asked_by,
            at=timezone.now(),
        ).token
        for name, content in made.files.items()
    ]
    return {"files": files, "sha256": report_sha256(data)}, made.findings
