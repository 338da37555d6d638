"""What people recorded beside marks: verified values, verdicts on attachments, decisions, outside registers."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from ceping.core.evaluation import Decision, Verified
from ceping.core.exact import NotANumber, decimal_of, short_text_of
from ceping.core.results.grading import INCOMPLETE
from ceping.core.scheme.metrics import FromField, Metric
from ceping.core.scheme.rules import Tier, rules_in
from ceping.folder.columns import DECISIONS_FILE, EVIDENCE_CHECKS, EXTERNAL, HISTORY, VERIFIED, YES_NO
from ceping.folder.intake import Intake
from ceping.folder.tables import Row


def read_verified(intake: Intake) -> Mapping[str, Mapping[str, Verified]]:
    """The verified values by institution and metric: of the type and within the bounds of the metric, none missing."""
    by_hand, metrics = intake.needs.by_hand, intake.scheme.indicators.metrics
    sheet = intake.sheet(VERIFIED, needed=bool(by_hand))
    found: dict[str, dict[str, Verified]] = {}
    told: set[tuple[str, str]] = set()
    for row in sheet:
        uscc, name = row.get("uscc"), row.get("metric_id")
        metric = metrics.get(name)
        if metric is None:
            known = "、".join(by_hand)
            intake.faults.error("metric_unknown", row.file, row.place("metric_id"), given=name, known=known)
        elif metric.verified is not None or metric.quotient is not None:
            intake.faults.error("metric_computed", row.file, row.place("metric_id"), given=name, title=metric.title)
        if intake.known(row) is None or metric is None:
            continue
        told.add((uscc, name))
        if not row.get("value"):
            intake.faults.missing(
                "verified_missing", row.file, row.place("value"), of=uscc, metric=name, title=metric.title
            )
            continue
        value = _value(intake, row, name, metric)
        if value is not None:
            found.setdefault(uscc, {})[name] = Verified(
                value, row.get("reason"), row.get("by"), intake.place(row, name)
            )
    for uscc in intake.institutions if sheet.present else ():
        for name, metric in by_hand.items():
            if (uscc, name) not in told and not sheet.may_hold(uscc, name):
                values = {"metric": name, "title": metric.title}
                intake.faults.missing("verified_missing", VERIFIED.name, f"{uscc} {name}", of=uscc, **values)
    return found


def _value(intake: Intake, row: Row, name: str, metric: Metric) -> Decimal | str | None:
    text, place = row.get("value"), row.place("value")
    if metric.type != "number":
        words = YES_NO if metric.type == "yes_no" else _choices(intake, name, metric)
        chosen = next((word for word, chinese in words.items() if text in (word, chinese)), None)
        if chosen is not None or not words:
            return chosen or text
        known = "、".join(f"{word}（{chinese}）" for word, chinese in words.items())
        intake.faults.error("cell_choice", row.file, place, given=text[:40], known=known)
        return None
    try:
        value = decimal_of(text)
    except NotANumber:
        intake.faults.error("cell_not_number", row.file, place, given=text[:40])
        return None
    low, high = metric.least, metric.most
    if (low is not None and value < low) or (high is not None and value > high):
        least = "—" if low is None else short_text_of(low)
        most = "—" if high is None else short_text_of(high)
        values = {"given": text[:40], "title": metric.title, "least": least, "most": most}
        intake.faults.error("verified_out_of_range", row.file, place, **values)
        return None
    return value


def _choices(intake: Intake, name: str, metric: Metric) -> Mapping[str, str]:
    words: dict[str, str] = {}
    if isinstance(metric.claimed, FromField):
        field = intake.scheme.form.field_by_id.get(metric.claimed.field)
        words.update({option.id: option.label for option in field.options} if field is not None else {})
    for item in intake.scheme.scored if not words else ():
        for rule in rules_in(item.item.rule):
            if isinstance(rule, Tier) and rule.metric == name:
                words.update({choice.value: choice.value for choice in rule.choices})
    return words


def read_evidence(intake: Intake, attachments: Mapping[str, frozenset[str]]) -> Mapping[str, list[str]]:
    """The verdicts by institution, in order of the files' names; `attachments` are the files of each report read."""
    sheet = intake.sheet(EVIDENCE_CHECKS, needed=intake.needs.evidence)
    found: dict[str, dict[str, str]] = {}
    for row in sheet:
        uscc, file = row.get("uscc"), row.get("file")
        if intake.known(row) is None:
            continue
        if uscc in attachments and file not in attachments[uscc]:
            intake.faults.error("evidence_foreign", row.file, row.place("file"), given=file[:80], uscc=uscc)
            continue
        if row.get("verdict") != "genuine" and not row.get("reason"):
            intake.faults.error("verdict_without_reason", row.file, row.place("reason"), given=file[:80])
        found.setdefault(uscc, {})[file] = row.get("verdict")
    if sheet.present and intake.needs.evidence:
        for uscc, files in attachments.items():
            for file in sorted(files - set(found.get(uscc, {}))):
                if sheet.may_hold(uscc, file):
                    continue
                place = f"{uscc} {file}"
                intake.faults.missing("evidence_unchecked", EVIDENCE_CHECKS.name, place, of=uscc, given=file[:80])
    return {uscc: [verdicts[file] for file in sorted(verdicts)] for uscc, verdicts in found.items()}


def read_decisions(intake: Intake) -> Mapping[str, list[Decision]]:
    """The decisions by institution, each on a gate or veto that may be decided, by a role that may decide it."""
    outcome = intake.scheme.outcome
    gates = {gate.id: gate for gate in outcome.gates}
    vetoes = {veto.id: veto for veto in outcome.vetoes}
    found: dict[str, list[Decision]] = {}
    for row in intake.sheet(DECISIONS_FILE, needed=intake.needs.decisions):
        kind, rule, effect, role = (row.get(name) for name in ("kind", "rule_id", "effect", "by_role"))
        values = {"given": rule, "role": role, "effect": effect}
        error = intake.faults.error
        if kind == "waiver" and rule not in gates:
            error("gate_unknown", row.file, row.place("rule_id"), **values, known="、".join(gates))
        elif kind == "waiver" and not gates[rule].waivable_by:
            error("gate_unwaivable", row.file, row.place("rule_id"), **values, title=gates[rule].title)
        elif kind == "waiver" and role not in gates[rule].waivable_by:
            error("decision_role", row.file, row.place("by_role"), **values)
        elif kind == "veto" and rule not in vetoes:
            error("veto_unknown", row.file, row.place("rule_id"), **values, known="、".join(vetoes) or "—")
        elif kind == "veto" and not vetoes[rule].by_decision:
            error("veto_automatic", row.file, row.place("rule_id"), **values, title=vetoes[rule].title)
        elif kind == "veto" and role != "organiser":
            error("decision_role", row.file, row.place("by_role"), **values)
        elif effect not in _EFFECTS[kind]:
            error("decision_effect", row.file, row.place("effect"), **values, known="、".join(_EFFECTS[kind]))
        if intake.known(row) is not None:
            decision = Decision(kind, rule, effect, row.get("reason"), role, row.source)
            intake.place(row, kind, rule)
            found.setdefault(row.get("uscc"), []).append(decision)
    return {uscc: sorted(given, key=lambda one: (one.kind, one.rule_id)) for uscc, given in found.items()}


_EFFECTS = {"waiver": ("waive", "refuse"), "veto": ("veto", "refuse")}


def read_external(intake: Intake) -> Mapping[str, Mapping[str, str]]:
    """The answers of outside registers by institution and check, none missing that a rule reads."""
    checks = intake.needs.checks
    sheet = intake.sheet(EXTERNAL, needed=bool(checks))
    found: dict[str, dict[str, str]] = {}
    for row in sheet:
        check = row.get("check_id")
        if check not in intake.needs.known_checks:
            known = "、".join(sorted(intake.needs.known_checks)) or "—"
            intake.faults.error("check_unknown", row.file, row.place("check_id"), given=check, known=known)
        elif intake.known(row) is not None and row.get("value"):
            found.setdefault(row.get("uscc"), {})[check] = row.get("value")
    for uscc in intake.institutions if sheet.present else ():
        for check in checks:
            if check not in found.get(uscc, {}) and not sheet.may_hold(uscc, check):
                intake.faults.missing("external_missing", EXTERNAL.name, f"{uscc} {check}", of=uscc, check=check)
    return found


def read_history(intake: Intake) -> Mapping[str, Sequence[str]]:
    """The grades of former seasons by institution, the last is the latest; seasons stand in the order of their text."""
    sheet = intake.sheet(HISTORY, needed=intake.needs.history)
    outcome = intake.scheme.outcome
    # Who did not take part that year, or lacked a value, has a former result all the same.
    grades = [*(band.grade for band in outcome.bands), outcome.gate_failed_grade, INCOMPLETE]
    found: dict[str, dict[str, str]] = {}
    for row in sheet:
        grade = row.get("grade")
        if grade not in grades:
            known = "、".join(grades)
            intake.faults.error("grade_unknown", row.file, row.place("grade"), given=grade[:40], known=known)
        elif intake.known(row) is not None:
            found.setdefault(row.get("uscc"), {})[row.get("season")] = grade
    return {uscc: [former for _, former in sorted(seasons.items())] for uscc, seasons in found.items()}
