"""What a published result brings: certificates, feedback and both packages, made from the season once more.

The season is evaluated again and must give the frozen bytes, or nothing is made.
"""

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.utils import timezone
from procrastinate.contrib.django import app

from ceping.core.finding import errors_in, fault
from ceping.documents.fonts.faces import faces_from
from ceping.documents.pdf import to_pdf_many
from ceping.folder.evaluation import evaluate_folder
from ceping.folder.output import RUN
from ceping.folder.package import Request, pack
from ceping.folder.papers import Sources, read_sources
from ceping.folder.papers_batch import Paper
from ceping.folder.papers_made import Wanted, papers_of
from ceping.folder.papers_texts import Certificate, Texts
from ceping.ground.files.actions import add_made, add_made_file
from ceping.ground.files.models import File
from ceping.ground.people.access import Refused
from ceping.ground.people.models import User
from ceping.ground.work.actions import ask_for, tell_progress
from ceping.ground.work.models import Job
from ceping.ground.work.tasks import Made, carry_out
from ceping.stages.assessment.queries import opinions_of
from ceping.stages.publication.actions import keep_paper
from ceping.stages.publication.models import Release
from ceping.stages.publication.queries import CERTIFICATE, FEEDBACK, FULL, OWN, PUBLIC, marks_given, shares_of
from ceping.stages.report.models import Entry
from ceping.stages.results.queries import RESULTS, SCHEME, path_of, write_season

MAKE = "make_papers"
PURPOSE = "publication"
# Written and evaluated again, the papers one by one, the two packages.
_BEFORE, _AFTER = 2, 2
_KIND = {"certificates": CERTIFICATE, "feedback": FEEDBACK}


@app.task(name="publication.make")
def make(token: str) -> None:
    """The papers of that work are made."""
    carry_out(token, _made)


def ask_to_make(*, release: Release, by: User, at: datetime) -> Job:
    """The papers of a published result wait for a worker."""
    return ask_for(
        kind=MAKE,
        about=about(release),
        given={"release": release.pk},
        begin=lambda token: make.defer(token=token),
        by=by,
        at=at,
    )


def about(release: Release) -> str:
    """By which work is found that is about a release."""
    return f"release:{release.pk}"


class _CalledOff(Exception):
    """Whoever asked does not want it any more."""


def _made(job: Job) -> Made:
    rows = Release.objects.select_related("season__scheme", "notice__computation__season__scheme")
    release = rows.get(pk=job.given["release"])
    try:
        with tempfile.TemporaryDirectory(prefix="ceping-release-") as name:
            return _all_of(job, release, Path(name))
    except _CalledOff:
        return {}, ()


def _all_of(job: Job, release: Release, place: Path) -> Made:
    computation = release.notice.computation
    folder, out = write_season(release.season, place), place / "results"
    scheme = place / SCHEME
    evaluated = evaluate_folder(folder, out, scheme_folder=scheme)
    if not evaluated.done:
        raise Refused(*errors_in(evaluated.findings))
    if (out / RESULTS).read_bytes() != path_of(computation, RESULTS).read_bytes():
        raise Refused(fault("release_not_the_same"))
    sources, findings = read_sources(folder, out, scheme_folder=scheme)
    if sources is None or sources.result is None:
        raise Refused(*findings)
    papers = _papers(release, sources)
    entries = {
        one.institution.uscc: one for one in Entry.objects.filter(season=release.season).select_related("institution")
    }
    keeper = _Keeper(job, release, timezone.now(), entries, _BEFORE + len(papers) + _AFTER)
    results, run = (json.loads((out / name).read_bytes()) for name in (RESULTS, RUN))
    rules = sources.season.scheme
    shares = shares_of(sources.result.values, results, run.get("rows", {}), rules, marks_given(release.season))
    for uscc, share in shares.items():
        text = json.dumps(share, ensure_ascii=False, separators=(",", ":"))
        keeper.keep(OWN, uscc, text.encode(), f"{uscc}.json")
    faces, _ = faces_from(os.environ)
    # One process: the other core is the pages'.
    pages = to_pdf_many((paper.document for paper in papers), faces, workers=1)
    for done, (paper, data) in enumerate(zip(papers, pages, strict=True), start=_BEFORE):
        keeper.tell(done)
        keeper.keep(_KIND[paper.kind], paper.of, data, f"{paper.stem}.pdf")
    for done, kind in enumerate((PUBLIC, FULL), start=_BEFORE + len(papers)):
        keeper.tell(done)
        keep_paper(release=release, kind=kind, entry=None, file=_packed(job, release, place, kind))
    return {"release": release.pk, "papers": len(papers)}, ()


@dataclass(frozen=True, slots=True)
class _Keeper:
    """Keeps what was made for an institution, and tells how far the work is."""

    job: Job
    release: Release
    at: datetime
    entries: Mapping[str, Entry]
    total: int

    def keep(self, kind: str, uscc: str, data: bytes, name: str) -> None:
        """The bytes are that entry's paper of the kind."""
        entry = self.entries[uscc]
        file = add_made(
            data=data,
            kind=name.rpartition(".")[2],
            name=name,
            purpose=PURPOSE,
            institution=entry.institution,
            by=self.job.asked_by,
            at=self.at,
        )
        keep_paper(release=self.release, kind=kind, entry=entry, file=file)

    def tell(self, done: int) -> None:
        """How far it is. Raises _CalledOff."""
        if not tell_progress(job=self.job, done=done, total=self.total):
            raise _CalledOff


def _papers(release: Release, sources: Sources) -> list[Paper]:
    certificate = Certificate(
        issuer=release.issuer,
        issued_on=release.issued_on,
        url=release.check_url,
        valid_until=release.valid_until,
        grades=tuple(release.notice.grades),
    )
    wanted = Wanted(Texts(certificate=certificate), opinions_of(release.season))
    papers, found = papers_of(sources, ("certificates", "feedback"), wanted)
    if errors := errors_in(found):
        raise Refused(*errors)
    return papers


def _packed(job: Job, release: Release, place: Path, kind: str) -> File:
    """The package as one file of the store; its folder is gone before the next is made."""
    file = place / f"{kind}.zip"
    with tempfile.TemporaryDirectory(dir=place) as name:
        packed = pack(
            Request(
                place / "season",
                Path(name) / "package",
                public=kind == PUBLIC,
                zip_to=file,
                results=place / "results",
                scheme_folder=place / SCHEME,
            )
        )
    if not packed.done:
        raise Refused(*(errors_in(packed.findings) or packed.findings))
    word = "公开重算数据包" if kind == PUBLIC else "完整重算数据包"
    return add_made_file(
        path=file,
        kind="zip",
        name=f"{release.season.title}{word}.zip",
        purpose=PURPOSE,
        institution=None,
        by=job.asked_by,
        at=timezone.now(),
    )
