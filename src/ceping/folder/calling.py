"""Client lists and calls: keys in list order, calls to drawn clients alone, attempts counted, answers as asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
    calls, doubtful = _calls(intake, table, sheet, frame, clients)
    doubtful |= {key[0] for key in frame.refused | sheet.refused}
    # A client told wrong would shift the whole draw, and a call told wrong open or close reserves.
    if needed and sheet.present and not (frame.blind or sheet.blind):
        for uscc, rows in clients.items():
            if uscc not in doubtful and (uscc not in listed or len(rows) == len(listed[uscc])):
                _check_draw(intake, table, uscc, draws[uscc], calls.get(uscc, {}))
    return Calling({uscc: sorted(rows) for uscc, rows in clients.items()}, draws, calls)


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
) -> tuple[dict[str, dict[str, list[Call]]], set[str]]:
    questions = {question.id: {o.code: o.title for o in question.options} for question in table.questions}
    dispositions = {disposition.code: disposition for disposition in table.dispositions}
    for name in sheet.columns:
        if name.startswith("q_") and name not in questions:
            intake.faults.error("question_unknown", CALLS.name, "第 1 行", given=name[:40], known="、".join(questions))
    calls: dict[str, dict[str, list[Call]]] = {}
    doubtful: set[str] = set()
    refused = {key[0] for key in sheet.refused}
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
            doubtful.add(uscc)
            continue
        answers = _answers(intake, row, questions)
        if disposition is None:
            doubtful.add(uscc)
            continue
        if answers and disposition.outcome_class != "completed":
            intake.faults.error("answer_uncompleted", row.file, row.place(min(answers)), title=disposition.title)
        call = Call(key, int(row.get("attempt")), code, answers, row.get("mode"), row.get("at"), row.source)
        calls.setdefault(uscc, {}).setdefault(key, []).append(call)
    for uscc, of_institution in calls.items():
        for key, attempts in of_institution.items():
            attempts.sort(key=lambda call: call.attempt)
            if not sheet.blind and uscc not in refused:
                _check_attempts(intake, uscc, key, attempts)
    return calls, doubtful


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


def _check_attempts(intake: Intake, uscc: str, key: str, attempts: Sequence[Call]) -> None:
    for wanted, call in enumerate(attempts, 1):
        if call.attempt != wanted:
            place = f"第 {call.source.partition(':')[2]} 行 attempt"
            values = {"uscc": uscc, "key": key, "given": call.attempt, "wanted": wanted}
            intake.faults.error("attempt_numbering", CALLS.name, place, **values)
            return
    for earlier, later in pairwise(attempts):
        # A pseudonymised season keeps no times.
        if later.at and earlier.at and _instant(later.at) < _instant(earlier.at):
            place = f"第 {later.source.partition(':')[2]} 行 at"
            intake.faults.error("attempt_order", CALLS.name, place, key=key, given=later.at, earlier=earlier.at)


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return (found if found.tzinfo is not None else found.replace(tzinfo=_LOCAL)).astimezone(UTC)


def _draw(intake: Intake, table: VerificationFile, uscc: str, rows: Mapping[str, Row]) -> ClientDraw:
    terms = intake.terms
    strata = {key: rows[key].get(terms.draw.strata) if terms.draw.strata else "" for key in sorted(rows)}
    size, seed = terms.draw.size_for(table), terms.seeds.clients
    return client_draw(strata, uscc=uscc, seed=seed, size=size, reserves=table.sample.reserves)


def _check_draw(
    intake: Intake, table: VerificationFile, uscc: str, draw: ClientDraw, calls: Mapping[str, Sequence[Call]]
) -> None:
    allowed = callable_keys(draw, {key: completed(attempts, table) for key, attempts in calls.items()})
    place_of = {key: place for place, key in enumerate(draw.order, 1)}
    for key in sorted(set(calls) - set(allowed)):
        row = calls[key][0].source.partition(":")[2]
        values = {"uscc": uscc, "key": key, "size": len(draw.sample), "position": place_of.get(key, len(place_of) + 1)}
        code = "call_outside_draw"
        if draw.strata:
            stratum = draw.strata[key]
            count = sum(1 for one in draw.sample if draw.strata[one] == stratum)
            code, values = "call_outside_stratum", values | {"stratum": stratum[:40], "count": count}
        intake.faults.error(code, CALLS.name, f"第 {row} 行 client_key", **values)
    if not calls:
        intake.faults.missing("calls_missing", CALLS.name, uscc, of=uscc, count=len(draw.sample))
        return
    open_keys = [key for key in allowed if key not in calls]
    if open_keys:
        intake.faults.warn("calls_unfinished", CALLS.name, uscc, count=len(open_keys), first=open_keys[0])
