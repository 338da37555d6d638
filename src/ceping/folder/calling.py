"""Client lists and calls: keys in list order, calls to drawn clients alone, attempts counted, answers as asked."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

from ceping.core.names import normalised
from ceping.core.points.grammar import LOCAL_OFFSET
from ceping.core.scheme.verification import VerificationFile
from ceping.core.verification import Call, ClientDraw, callable_keys, completed
from ceping.folder.columns import CALLS, CLIENTS
from ceping.folder.drawing import client_draw
from ceping.folder.intake import Intake
from ceping.folder.tables import Row, Sheet

# The only zone a scheme may name.
_LOCAL = timezone(timedelta(microseconds=LOCAL_OFFSET))


@dataclass(frozen=True, slots=True)
class Calling:
    """By institution: the client keys in list order, who is drawn, the calls of each client in order of attempts."""

    keys: Mapping[str, Sequence[str]]
    draws: Mapping[str, ClientDraw]
    calls: Mapping[str, Mapping[str, list[Call]]]


@dataclass(frozen=True, slots=True)
class _Found:
    """The calls of a table by institution and client, each with its row; whose list or calls were told wrong."""

    calls: dict[str, dict[str, list[Call]]] = field(default_factory=dict)
    rows: dict[tuple[str, str, int], Row] = field(default_factory=dict)
    doubtful: set[str] = field(default_factory=set)


def read_calling(intake: Intake, listed: Mapping[str, Sequence[str]]) -> Calling:
    """Clients and calls; `listed` are the distinct clients of each report read, in list order."""
    needed = intake.needs.calls
    frame = intake.sheet(CLIENTS, needed=needed)
    clients = _clients(intake, frame, listed)
    sheet = intake.sheet(CALLS, needed=needed)
    table = intake.scheme.verification
    if table is None:
        return Calling({}, {}, {})
    draws = {uscc: _draw(intake, table, uscc, rows) for uscc, rows in clients.items()}
    found = _calls(intake, table, sheet, frame, clients)
    doubtful = found.doubtful | {key[0] for key in frame.refused | sheet.refused}
    # A client told wrong would shift the whole draw, and a call told wrong open or close reserves.
    if needed and sheet.present and not (frame.blind or sheet.blind):
        for uscc, rows in clients.items():
            if uscc not in doubtful and (uscc not in listed or len(rows) == len(listed[uscc])):
                _check_draw(intake, table, uscc, draws[uscc], found)
    return Calling({uscc: sorted(rows) for uscc, rows in clients.items()}, draws, found.calls)


def check_calls(intake: Intake, frame: Sheet, sheet: Sheet, whose: Collection[str]) -> None:
    """Everything wrong with the calls of `sheet`, all those of the institutions `whose`, by their list and their draw.

    `frame` are the clients of a season that was read without an error; the scheme has calls.
    """
    table = intake.scheme.verification
    assert table is not None  # noqa: S101 -- the caller has looked; for the type checker
    clients: dict[str, dict[str, Row]] = {}
    for row in frame:
        clients.setdefault(row.get("uscc"), {})[row.get("client_key")] = row
    found = _calls(intake, table, sheet, frame, clients)
    doubtful = found.doubtful | {key[0] for key in sheet.refused}
    for uscc in sorted({*whose} & {*clients} - doubtful):
        _check_draw(intake, table, uscc, _draw(intake, table, uscc, clients[uscc]), found)


def _clients(intake: Intake, sheet: Sheet, listed: Mapping[str, Sequence[str]]) -> dict[str, dict[str, Row]]:
    rows: dict[str, dict[str, Row]] = {}
    for row in sheet:
        if intake.known(row) is not None:
            rows.setdefault(row.get("uscc"), {})[row.get("client_key")] = row
    for uscc in intake.institutions if sheet.present else ():
        if uscc in listed:
            _check_list(intake, sheet, uscc, rows.get(uscc, {}), listed[uscc])
    return rows


def _check_list(intake: Intake, sheet: Sheet, uscc: str, rows: Mapping[str, Row], listed: Sequence[str]) -> None:
    for place, name in enumerate(listed, 1):
        key = f"C{place:04d}"
        row = rows.get(key)
        if row is None and sheet.may_hold(uscc, key):
            continue
        if row is None:
            intake.faults.missing("client_missing", CLIENTS.name, f"{uscc} {key}", of=uscc, key=key, name=name[:60])
        elif normalised(row.get("name")) != normalised(name):
            values = {"key": key, "given": row.get("name")[:60], "listed": name[:60]}
            intake.faults.error("client_differs", row.file, row.place("name"), **values)
    keys = {f"C{place:04d}" for place in range(1, len(listed) + 1)}
    for key in sorted(set(rows) - keys):
        row = rows[key]
        intake.faults.error("client_key_foreign", row.file, row.place("client_key"), given=key, count=len(listed))


def _calls(
    intake: Intake, table: VerificationFile, sheet: Sheet, frame: Sheet, clients: Mapping[str, Mapping[str, Row]]
) -> _Found:
    questions = {question.id: {o.code: o.title for o in question.options} for question in table.questions}
    dispositions = {disposition.code: disposition for disposition in table.dispositions}
    for name in sheet.columns:
        if name.startswith("q_") and name not in questions:
            intake.faults.error("question_unknown", CALLS.name, "第 1 行", given=name[:40], known="、".join(questions))
    found = _Found()
    refused = {key[0] for key in sheet.refused}
    # A call told wrong leaves a hole among its client's attempts.
    holes: set[tuple[str, str]] = set()
    for row in sheet:
        uscc, key, code = row.get("uscc"), row.get("client_key"), row.get("disposition")
        disposition = dispositions.get(code)
        if disposition is None:
            known = "、".join(f"{one.code}（{one.title}）" for one in table.dispositions)
            intake.faults.error("disposition_unknown", row.file, row.place("disposition"), given=code, known=known)
        if intake.known(row) is None:
            continue
        if frame.present and key not in clients.get(uscc, ()) and not frame.may_hold(uscc, key):
            intake.faults.error("client_unknown", row.file, row.place("client_key"), given=key, uscc=uscc)
            found.doubtful.add(uscc)
            continue
        answers = _answers(intake, row, questions)
        if disposition is None:
            found.doubtful.add(uscc)
            holes.add((uscc, key))
            continue
        if answers and disposition.outcome_class != "completed":
            intake.faults.error("answer_uncompleted", row.file, row.place(min(answers)), title=disposition.title)
        call = Call(key, int(row.get("attempt")), code, answers, row.get("mode"), row.get("at"), row.source)
        found.calls.setdefault(uscc, {}).setdefault(key, []).append(call)
        found.rows[uscc, key, call.attempt] = row
    for uscc, of_institution in found.calls.items():
        for key, attempts in of_institution.items():
            attempts.sort(key=lambda call: call.attempt)
            if not sheet.blind and uscc not in refused and (uscc, key) not in holes:
                _check_attempts(intake, uscc, key, attempts, found)
    return found


def _answers(intake: Intake, row: Row, questions: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    answers: dict[str, str] = {}
    for name, options in questions.items():
        text = row.get(name)
        if not text:
            continue
        code = next((code for code, title in options.items() if text in (code, title)), None)
        if options and code is None:
            known = "、".join(f"{code}（{title}）" for code, title in options.items())
            intake.faults.error("answer_unknown", row.file, row.place(name), given=text[:40], known=known)
        answers[name] = code or text
    return answers


def _check_attempts(intake: Intake, uscc: str, key: str, attempts: Sequence[Call], found: _Found) -> None:
    for wanted, call in enumerate(attempts, 1):
        if call.attempt != wanted:
            row = found.rows[uscc, key, call.attempt]
            values = {"uscc": uscc, "key": key, "given": call.attempt, "wanted": wanted}
            intake.faults.error("attempt_numbering", row.file, row.place("attempt"), **values)
            return
    for earlier, later in pairwise(attempts):
        # A pseudonymised season keeps no times.
        if later.at and earlier.at and instant_of(later.at) < instant_of(earlier.at):
            row = found.rows[uscc, key, later.attempt]
            intake.faults.error("attempt_order", row.file, row.place("at"), key=key, given=later.at, earlier=earlier.at)


def instant_of(text: str) -> datetime:
    """The moment that a cell of the type `instant` tells, in UTC; without a zone it is local time."""
    found = datetime.fromisoformat(text)
    return (found if found.tzinfo is not None else found.replace(tzinfo=_LOCAL)).astimezone(UTC)


def _draw(intake: Intake, table: VerificationFile, uscc: str, rows: Mapping[str, Row]) -> ClientDraw:
    terms = intake.terms
    strata = {key: rows[key].get(terms.draw.strata) if terms.draw.strata else "" for key in sorted(rows)}
    size, seed = terms.draw.size_for(table), terms.seeds.clients
    return client_draw(strata, uscc=uscc, seed=seed, size=size, reserves=table.sample.reserves)


def _check_draw(intake: Intake, table: VerificationFile, uscc: str, draw: ClientDraw, found: _Found) -> None:
    calls = found.calls.get(uscc, {})
    allowed = callable_keys(draw, {key: completed(attempts, table) for key, attempts in calls.items()})
    place_of = {key: place for place, key in enumerate(draw.order, 1)}
    for key in sorted(set(calls) - set(allowed)):
        row = found.rows[uscc, key, calls[key][0].attempt]
        values = {"uscc": uscc, "key": key, "size": len(draw.sample), "position": place_of.get(key, len(place_of) + 1)}
        code = "call_outside_draw"
        if draw.strata:
            stratum = draw.strata[key]
            count = sum(1 for one in draw.sample if draw.strata[one] == stratum)
            code, values = "call_outside_stratum", values | {"stratum": stratum[:40], "count": count}
        intake.faults.error(code, row.file, row.place("client_key"), **values)
    if not calls:
        intake.faults.missing("calls_missing", CALLS.name, uscc, of=uscc, count=len(draw.sample))
        return
    open_keys = [key for key in allowed if key not in calls]
    if open_keys:
        intake.faults.warn("calls_unfinished", CALLS.name, uscc, count=len(open_keys), first=open_keys[0])
