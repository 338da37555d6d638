"""Papers of a result beside the pages, as `ceping papers` makes them: 测评工作报告, sheets, feedback."""

import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.utils import timezone
from procrastinate.contrib.django import app

from ceping.core.finding import Finding, errors_in, fault
from ceping.folder.batch import filling
from ceping.folder.papers import KINDS, changed_faults, read_sources
from ceping.folder.papers_batch import COMMAND, MARKER, about_of, write_papers
from ceping.folder.papers_before import before_of
from ceping.folder.papers_made import Wanted, lacking, papers_of
from ceping.folder.papers_texts import Texts, WorkReport
from ceping.ground.exports.moment import one_moment
from ceping.ground.files.actions import add_made, bytes_of
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.people.models import User
from ceping.ground.work.actions import ask_for, tell_progress
from ceping.ground.work.models import Job
from ceping.ground.work.tasks import Made, carry_out
from ceping.stages.assessment.queries import opinions_of
from ceping.stages.results.access import why_not_paper
from ceping.stages.results.actions import POINTS
from ceping.stages.results.models import Computation
from ceping.stages.results.queries import SCHEME, write_season, year_on_year
from ceping.stages.results.tasks.computing import about
from ceping.stages.scheme.models import Season

PAPERS, PURPOSE = "make_papers", "papers"
# What is made here; notice and certificates belong to the publication.
MADE = ("work-report", "results", "marks", "feedback")
# More files than these are taken as one archive.
_SINGLE = 4
# As much as the report's own texts hold.
LONGEST_NAME, LONGEST = 200, 20_000
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Words:
    """What the report says beside the numbers: who signs it, the day, and three parts in the agency's own words."""

    agency: str
    issued_on: date
    organisation: str = ""
    problems: str = ""
    advice: str = ""

    @property
    def given(self) -> dict[str, str]:
        """The same for the work's row."""
        return {
            "agency": self.agency,
            "issued_on": self.issued_on.isoformat(),
            "organisation": self.organisation,
            "problems": self.problems,
            "advice": self.advice,
        }


@app.task(name="results.make_papers")
def make_papers(token: str) -> None:
    """The papers of that work are made."""
    carry_out(token, _papers)


def ask_for_papers(*, computation: Computation, kind: str, words: Words, by: User, at: datetime) -> Job:
    """Papers of that kind of the result wait for a worker. Raises NotAllowed; Refused: no such kind, nobody signs."""
    season = computation.season
    if why := why_not_paper(by, computation):
        raise NotAllowed(why)
    if kind not in MADE:
        raise Refused(fault("papers_kind_unknown", given=kind[:40], known="、".join(KINDS[one] for one in MADE)))
    if kind == "work-report" and not words.agency.strip():
        raise Refused(fault("results_agency_wanted", place="agency"))
    if len(words.agency) > LONGEST_NAME or any(len(text) > LONGEST for text in words.given.values()):
        raise Refused(fault("results_words_long", name=LONGEST_NAME, most=LONGEST))
    given = {"season": season.pk, "computation": computation.pk, "kind": kind, "words": words.given}
    return ask_for(
        kind=PAPERS,
        about=about(season),
        given=given,
        begin=lambda token: make_papers.defer(token=token),
        by=by,
        at=at,
    )


class _CalledOff(Exception):
    """Whoever asked does not want it any more."""


def _papers(job: Job) -> Made:
    computation = Computation.objects.select_related("season__scheme").get(pk=job.given["computation"])
    try:
        with tempfile.TemporaryDirectory(prefix="ceping-papers-") as name:
            return _made(job, computation, str(job.given["kind"]), Path(name))
    except _CalledOff:
        return {}, ()


def _made(job: Job, computation: Computation, kind: str, place: Path) -> Made:
    season, result = computation.season, place / "result"
    with one_moment():
        folder = write_season(season, place)
        _lay_out(computation, result)
        wanted = _wanted(job, season, computation)
    sources, findings = read_sources(folder, result, scheme_folder=place / SCHEME)
    if sources is None:
        raise Refused(*findings)
    findings = [*findings, *changed_faults(sources, [kind]), *lacking(sources, [kind], wanted.texts)]
    papers, more = papers_of(sources, [kind], wanted)
    findings += more
    if errors := errors_in(findings):
        raise Refused(*errors)
    done = 0

    def step(count: int) -> None:
        nonlocal done
        done += count
        if not tell_progress(job=job, done=done, total=len(papers)):
            raise _CalledOff

    step(0)
    out = place / "papers"
    # One at a time: the pages have the rest of the machine.
    with filling(out, command=COMMAND, marker=MARKER) as batch:
        findings += write_papers(batch, papers, kinds=[kind], about=about_of(sources), workers=1, step=step)
        files = sorted({name for made in batch.done.values() for name in made.files})
    return {"files": _kept(job, kind, computation, out, files)}, _worth_saying(findings)


def _lay_out(computation: Computation, result: Path) -> None:
    """The folder that the evaluation wrote, from what was kept of it."""
    (result / "points").mkdir(parents=True)
    for one in computation.outputs.select_related("file__blob"):
        target = result / "points" / one.name if one.name in POINTS else result / one.name
        target.symlink_to(bytes_of(one.file))


def _wanted(job: Job, season: Season, computation: Computation) -> Wanted:
    if job.given["kind"] != "work-report":
        return Wanted(Texts(), opinions_of(season))
    words: Mapping[str, str] = job.given["words"]
    report = WorkReport.model_validate({**words, "issued_on": date.fromisoformat(words["issued_on"])})
    earlier = year_on_year(computation)
    return Wanted(Texts(work_report=report), {}, before=before_of(earlier.compared) if earlier is not None else None)


def _kept(job: Job, kind: str, computation: Computation, out: Path, files: Sequence[str]) -> list[dict[str, object]]:
    """The papers among the files, or all of them in one archive; its bytes are the same for the same papers."""
    if len(files) <= _SINGLE:
        return [_file(job, out / name, f"{KINDS[kind]}{Path(name).suffix}") for name in files]
    archive = out.with_suffix(".zip")
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in files:
            packed.writestr(zipfile.ZipInfo(name, _ZIP_DATE), (out / name).read_bytes(), zipfile.ZIP_DEFLATED)
    return [_file(job, archive, f"{KINDS[kind]}_第{computation.number}次计算.zip")]


def _file(job: Job, path: Path, name: str) -> dict[str, object]:
    made = add_made(
        data=path.read_bytes(),
        kind=path.suffix.removeprefix("."),
        name=name,
        purpose=PURPOSE,
        institution=None,
        by=job.asked_by,
        at=timezone.now(),
    )
    return {"file": made.pk, "name": made.name, "size": made.blob.size}


def _worth_saying(findings: Sequence[Finding]) -> list[Finding]:
    return list(findings)[:200]
