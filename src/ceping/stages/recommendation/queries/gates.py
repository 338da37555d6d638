"""What a submitted report says by itself: its gates answered, its figures counted; worked out once a submission."""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ceping.core.evaluation.entry import Entry as Known
from ceping.core.evaluation.values import metric_values
from ceping.core.report import derived
from ceping.core.results.standing import GateResult, standing_of
from ceping.core.scheme.loading import Scheme
from ceping.core.scheme.values import Values, Which
from ceping.stages.report.models import Submission
from ceping.stages.report.queries import report_in

# A submission never changes, so what it says is kept for the districts that come back to their list.
_MOST_KEPT = 2000
_kept: OrderedDict[tuple[str, str, str], "Told"] = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Told:
    """Gates in the order of the scheme, figures by id, and how many items of the checklist have a file."""

    gates: tuple[GateResult, ...]
    figures: Mapping[str, int]
    items: int

    @property
    def unmet(self) -> list[int]:
        """The numbers of the gates that are not met; counted from 1, as people see them."""
        return [number for number, gate in enumerate(self.gates, start=1) if gate.passed is False]

    @property
    def undecided(self) -> list[tuple[int, GateResult]]:
        """The gates the report alone does not answer: a person has to."""
        return [(number, gate) for number, gate in enumerate(self.gates, start=1) if gate.passed is None]


def told_by(submission: Submission, rules: Scheme) -> Told:
    """What one submission says; its sealed report is opened only when nobody asked before."""
    key = _key(submission, rules)
    with _lock:
        found = _kept.get(key)
        if found is not None:
            _kept.move_to_end(key)
            return found
    return _keep(key, _worked_out(submission.report, submission.category, rules))


def told_by_each(submissions: Sequence[Submission], rules: Scheme) -> dict[int, Told]:
    """The same for many by primary key; the reports that were never looked at come in one query."""
    with _lock:
        found = {one.pk: _kept.get(_key(one, rules)) for one in submissions}
    unknown = [pk for pk, told in found.items() if told is None]
    reports = dict(Submission.objects.filter(pk__in=unknown).values_list("pk", "report")) if unknown else {}
    answer: dict[int, Told] = {}
    for one in submissions:
        told = found[one.pk]
        if told is None:
            told = _keep(_key(one, rules), _worked_out(reports[one.pk], one.category, rules))
        answer[one.pk] = told
    return answer


def _worked_out(data: Mapping[str, Any], category: str, rules: Scheme) -> Told:
    """The gates from the report alone: where a rule uses a verified value, what was claimed stands in for it."""
    report = report_in(data)
    known = Known(report.uscc, report.name, category, answers=report.answers, tables=report.tables)
    values = {}
    for name, found in metric_values(rules, known, None).items():
        used = found[rules.indicators.metrics[name].use]
        values[name] = used if used.value is not None else found[Which.CLAIMED]
    standing, _ = standing_of(rules, Values(values), category=category, weights={}, rulings=())
    items = {one.item for one in report.attachments if one.item is not None}
    return Told(tuple(standing.gates), derived(report, rules.form), len(items))


def _keep(key: tuple[str, str, str], told: Told) -> Told:
    with _lock:
        _kept[key] = told
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    return told


def _key(submission: Submission, rules: Scheme) -> tuple[str, str, str]:
    return (submission.report_sha256, submission.category, rules.sha256)


def unmet_words(numbers: Iterable[int]) -> str:
    """`1、3`: as they stand in a sentence."""
    return "、".join(str(number) for number in numbers)
