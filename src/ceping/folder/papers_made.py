"""Which papers there are to be made of a season, by kind; and what keeps a kind from being made."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ceping.core.finding import Finding, Level, fault
from ceping.documents.forms.calls import Called, Client, Phones, calls_document, calls_sheets
from ceping.documents.forms.certificate import CertificateTexts, certificate_document, certified
from ceping.documents.forms.feedback import Opinion, feedback_document
from ceping.documents.forms.marks import Asked, Assessor, marks_document, marks_sheet
from ceping.documents.forms.notice import NoticeTexts, notice_document, persons_in
from ceping.documents.forms.results import results_document, results_sheets
from ceping.documents.forms.work_report import Before, WorkReportTexts, work_report_document
from ceping.folder.columns import ASSESSORS, ASSIGNMENTS, CLIENTS, MARKS
from ceping.folder.papers import BEFORE_RESULTS, KINDS, Result, Sources
from ceping.folder.papers_batch import Paper
from ceping.folder.papers_texts import Texts
from ceping.folder.tables import Sheet

_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for besides the season itself: texts, opinions by uscc, how phones are shown."""

    texts: Texts
    opinions: Mapping[str, Opinion]
    phones: Phones = "masked"
    before: Before | None = None


def kinds_possible(sources: Sources, texts: Texts) -> tuple[str, ...]:
    """The kinds that can be made when none is named: those of the result with one, those with texts if there are."""
    told = {"notice": texts.notice, "certificates": texts.certificate, "work-report": texts.work_report}
    return tuple(
        kind
        for kind in KINDS
        if (kind in BEFORE_RESULTS or sources.result is not None) and (kind not in told or told[kind] is not None)
        if kind != "calls" or sources.season.scheme.verification is not None
    )


def lacking(sources: Sources, kinds: Sequence[str], texts: Texts) -> Iterator[Finding]:
    """Why a kind that was asked for cannot be made."""
    told = {
        "notice": ("notice", texts.notice),
        "certificates": ("certificate", texts.certificate),
        "work-report": ("work_report", texts.work_report),
    }
    for kind in kinds:
        title = KINDS[kind]
        if kind not in BEFORE_RESULTS and sources.result is None:
            yield fault("papers_without_result", title=title)
        elif kind in told and told[kind][1] is None:
            yield fault("papers_texts_missing", title=title, part=told[kind][0])
        elif kind == "calls" and sources.season.scheme.verification is None:
            yield fault("papers_no_calls", title=title, label=sources.season.scheme.label)
        elif kind == "certificates" and sources.result is not None and sources.result.values.incomplete:
            yield fault("papers_incomplete", title=title, path=sources.result.folder)
    notice = texts.notice
    if notice is not None and "notice" in kinds and notice.end < notice.start:
        yield fault("papers_days_reversed", start=notice.start, end=notice.end)
    result = sources.result
    if result is not None and result.values.marked and {"certificates", "notice"} & set(kinds):
        yield fault("papers_specimen", level=Level.WARNING)


def papers_of(sources: Sources, kinds: Sequence[str], wanted: Wanted) -> tuple[list[Paper], list[Finding]]:
    """All papers of these kinds, which can be made; with an error among the findings none may be written."""
    makers: Mapping[str, Callable[[], Iterator[Paper | Finding]]] = {
        "mark-sheets": lambda: _mark_sheets(sources, given=False),
        "marks": lambda: _mark_sheets(sources, given=True),
        "calls": lambda: _calls(sources, wanted.phones),
    }
    result = sources.result
    if result is not None:
        makers = {
            **makers,
            "results": lambda: _results(sources, result),
            "notice": lambda: _notice(sources, result, wanted.texts),
            "certificates": lambda: _certificates(result, wanted.texts),
            "feedback": lambda: _feedback(sources, result, wanted.opinions),
            "work-report": lambda: _work_report(sources, result, wanted),
        }
    made = [one for kind in KINDS if kind in kinds for one in makers[kind]()]
    papers = [one for one in made if isinstance(one, Paper)]
    return papers, [one for one in made if isinstance(one, Finding)]


def _results(sources: Sources, result: Result) -> Iterator[Paper]:
    document = results_document(result.values, dated=sources.season.terms.end, sha256=result.sha256)
    yield Paper("results", "", KINDS["results"], document, sheets=results_sheets(result.values))


def _notice(sources: Sources, result: Result, texts: Texts) -> Iterator[Paper | Finding]:
    told = texts.notice
    if told is None:
        return
    found = certified(result.values, told.grades)
    yield from _grades_unknown(result, told.grades)
    if not found:
        yield fault("papers_nobody", title=KINDS["notice"])
        return
    words = NoticeTexts(
        told.issuer,
        told.issued_on,
        told.start,
        told.end,
        told.channel,
        number=told.number,
        url=told.url,
        columns=told.columns,
    )
    recommenders = {uscc: one.recommender for uscc, one in sources.season.institutions.items()}
    document = notice_document(result.values, found, words, recommenders=recommenders, sha256=result.sha256)
    yield from persons_in(document, told.channel)
    yield Paper("notice", "", KINDS["notice"], document, word=True)


def _certificates(result: Result, texts: Texts) -> Iterator[Paper | Finding]:
    told = texts.certificate
    if told is None:
        return
    found = certified(result.values, told.grades)
    yield from _grades_unknown(result, told.grades)
    if not found:
        yield fault("papers_nobody", title=KINDS["certificates"])
    plain = CertificateTexts(told.issuer, told.issued_on, told.url, valid_until=told.valid_until)
    words = CertificateTexts(told.issuer, told.issued_on, told.url, told.title or plain.title, told.valid_until)
    for one in found:
        document = certificate_document(result.values, one, words, sha256=result.sha256)
        yield Paper("certificates", one.uscc, _stem(one.uscc, one.name), document, KINDS["certificates"])


def _grades_unknown(result: Result, grades: Sequence[str]) -> Iterator[Finding]:
    known = [band.grade for band in result.values.bands]
    for grade in grades:
        if grade not in known:
            yield fault("papers_grade_unknown", given=grade[:40], known="、".join(known))


def _feedback(sources: Sources, result: Result, opinions: Mapping[str, Opinion]) -> Iterator[Paper]:
    for one in result.values.institutions:
        document = feedback_document(
            result.values,
            one,
            sources.season.scheme.points,
            opinions.get(one.uscc, Opinion()),
            dated=sources.season.terms.end,
            sha256=result.sha256,
        )
        yield Paper("feedback", one.uscc, _stem(one.uscc, one.name), document, KINDS["feedback"], word=True)


def _work_report(sources: Sources, result: Result, wanted: Wanted) -> Iterator[Paper]:
    told = wanted.texts.work_report
    if told is None:
        return
    words = WorkReportTexts(told.agency, told.issued_on, told.organisation, told.problems, told.advice)
    recommenders = {uscc: one.recommender for uscc, one in sources.season.institutions.items()}
    document = work_report_document(
        result.values, words, recommenders=recommenders, before=wanted.before, sha256=result.sha256
    )
    yield Paper("work-report", "", KINDS["work-report"], document, word=True)


def _mark_sheets(sources: Sources, *, given: bool) -> Iterator[Paper | Finding]:
    kind: Literal["marks", "mark-sheets"] = "marks" if given else "mark-sheets"
    season = sources.season
    names = {row.get("assessor_id"): row.get("name") for row in _sheet(sources, ASSESSORS.name)}
    asked = asked_of(sources, given=given)
    if not asked:
        yield fault("papers_nothing_assigned", level=Level.WARNING, title=KINDS[kind], file=ASSIGNMENTS.name)
    for who, found in sorted(asked.items()):
        assessor = Assessor(who, names.get(who, ""))
        document = marks_document(season.terms.title, assessor, found, dated=season.terms.end, given=given)
        sheets = () if given else (marks_sheet(season.terms.title, assessor, found),)
        yield Paper(kind, _plain(who), f"{who}_{assessor.name}", document, KINDS[kind], sheets=sheets)


def asked_of(sources: Sources, *, given: bool = False) -> dict[str, list[Asked]]:
    """By assessor what was assigned, in the order of institutions and of the table; with `given` what was marked."""
    season = sources.season
    order = {item.key: number for number, item in enumerate(season.scheme.scored)}
    marks = {
        (row.get("uscc"), row.get("indicator_id"), row.get("assessor_id")): row for row in _sheet(sources, MARKS.name)
    }
    found: dict[str, list[Asked]] = {}
    for row in _sheet(sources, ASSIGNMENTS.name):
        uscc, key, who = row.get("uscc"), row.get("indicator_id"), row.get("assessor_id")
        scored, institution, mark = season.scheme.item(key), season.institutions.get(uscc), marks.get((uscc, key, who))
        if scored is None or scored.judge is None or institution is None or (given and mark is None):
            continue
        texts = ("", "", "")
        if given and mark is not None:
            texts = (mark.get("mark"), mark.get("coefficient"), mark.get("reason"))
        found.setdefault(who, []).append(Asked(uscc, institution.name, scored, scored.judge, *texts))
    for asked in found.values():
        asked.sort(key=lambda one: (one.uscc, order[one.scored.key]))
    return found


def _calls(sources: Sources, phones: Phones) -> Iterator[Paper | Finding]:
    season, table = sources.season, sources.season.scheme.verification
    if table is None:
        return
    rows = {(row.get("uscc"), row.get("client_key")): row for row in _sheet(sources, CLIENTS.name)}
    count = 0
    for entry in season.entries:
        if entry.draw is None:
            continue
        count += 1
        sample = set(entry.draw.sample)
        clients = []
        for position, key in enumerate(entry.draw.order, 1):
            row = rows[entry.uscc, key]
            told = (row.get("name"), row.get("contact"), row.get("phone"), row.get("service"))
            clients.append(Client(position, "sample" if key in sample else "reserve", key, *told))
        called = Called(entry.uscc, entry.name, tuple(clients))
        document = calls_document(season.terms.title, called, table, phones=phones, dated=season.terms.end)
        sheets = calls_sheets(season.terms.title, called, table, phones=phones)
        yield Paper("calls", entry.uscc, _stem(entry.uscc, entry.name), document, KINDS["calls"], sheets=sheets)
    if not count:
        yield fault("papers_nobody_drawn", level=Level.WARNING, title=KINDS["calls"], file=CLIENTS.name)


def _sheet(sources: Sources, name: str) -> Sheet:
    return sources.season.sheets.get(name, Sheet())


def _stem(uscc: str, name: str) -> str:
    return f"{uscc}_{name[:_LONGEST]}"


def _plain(who: str) -> str:
    """The assessor's id as a name of a folder may be."""
    return who if who.isalnum() and who.isascii() else who.encode().hex()
