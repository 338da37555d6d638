"""How far a draft is: every gap with its number and where it belongs, what the lists come to, how much is done."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Count, Max, Q, Sum

from ceping.core.finding import Finding, Level
from ceping.core.report import Report, derived
from ceping.core.report.answers import missing
from ceping.core.report.spots import Spot, Spots
from ceping.core.scheme.loading import Scheme
from ceping.stages.report.models import Entry
from ceping.stages.report.queries.draft import findings_for, report_data, report_in
from ceping.stages.scheme.queries import rules_of

# What was worked out for the drafts people are in just now; a change of the draft is another stamp.
_MOST_KEPT = 200
_kept: OrderedDict[str, "Standing"] = OrderedDict()
_spots: dict[str, Spots] = {}
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Gap:
    """A finding under the number by which every page calls it: errors first, in the order of the form."""

    number: int
    finding: Finding
    spot: Spot

    @property
    def stops(self) -> bool:
        """Whether the report cannot be submitted with it."""
        return self.finding.level is Level.ERROR


@dataclass(frozen=True, slots=True)
class Standing:
    """A draft as it stands. `figures` by figure id, `filled` rows by table id, `missing` the fields without answer.

    `done` of `asked` places that must be filled have no error; `begun` once anything was typed.
    """

    gaps: tuple[Gap, ...]
    figures: Mapping[str, int]
    filled: Mapping[str, int]
    missing: frozenset[str]
    done: int
    asked: int
    begun: bool

    @property
    def errors(self) -> list[Gap]:
        """The gaps that keep it from being submitted."""
        return [gap for gap in self.gaps if gap.stops]

    @property
    def questions(self) -> list[Gap]:
        """The gaps that a person may let stand."""
        return [gap for gap in self.gaps if not gap.stops]

    def of_part(self, part: str) -> list[Gap]:
        """The gaps of one part."""
        return [gap for gap in self.gaps if gap.spot.part == part]


def standing_of(entry: Entry) -> Standing:
    """How far the draft is now; worked out once for each state of it, however many pages ask."""
    stamp = _stamp(entry)
    with _lock:
        found = _kept.get(stamp)
        if found is not None:
            _kept.move_to_end(stamp)
            return found
    made = _worked_out(entry)
    with _lock:
        _kept[stamp] = made
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    return made


def spots_in(rules: Scheme) -> Spots:
    """The places of a scheme's form, made once a process."""
    found = _spots.get(rules.sha256)
    if found is None:
        found = _spots[rules.sha256] = Spots(rules.form)
    return found


def numbered(findings: list[Finding], rules: Scheme) -> tuple[Gap, ...]:
    """The findings as gaps: errors before questions, counted through from 1."""
    spots = spots_in(rules)
    ordered = sorted(findings, key=lambda finding: finding.level is not Level.ERROR)
    return tuple(Gap(number, finding, spots.spot(finding.place)) for number, finding in enumerate(ordered, start=1))


def _worked_out(entry: Entry) -> Standing:
    rules, data = rules_of(entry.season), report_data(entry)
    report = report_in(data)
    gaps = numbered(findings_for(entry, data), rules)
    asked = set(_asked(report, rules))
    wanting = {_kind_of(gap.spot) for gap in gaps if gap.stops}
    return Standing(
        gaps=gaps,
        figures=derived(report, rules.form),
        filled={table.id: sum(1 for _ in report.filled_rows(table)) for table in rules.form.tables},
        missing=frozenset(field.id for field in rules.form.fields if missing(report.answer(rules.form, field.id))),
        done=len(asked - wanting),
        asked=len(asked),
        begun=bool(data["answers"] or data["tables"] or data["attachments"]),
    )


def _asked(report: Report, rules: Scheme) -> Iterator[tuple[str, str]]:
    """Every place that has to be filled in this report, as kind and key."""
    form = rules.form
    for field in form.fields:
        if field.required or report.meets(form, field.required_when):
            yield "field", field.id
    counted = {figure.table for figure in form.figures if figure.at_least}
    for table in form.tables:
        grouped = any(report.meets(form, group.required_when) for group in table.groups)
        if table.id in counted or grouped or report.meets(form, table.required_when):
            yield "table", table.id
    for item in form.checklist.items:
        if item.required or report.meets(form, item.required_when):
            yield "item", str(item.number)
    yield "commitment", ""


def _kind_of(spot: Spot) -> tuple[str, str]:
    return ("table" if spot.kind == "row" else spot.kind), spot.key


def _stamp(entry: Entry) -> str:
    """What no two states of a draft share, at the price of three small queries."""
    answers = entry.answers.aggregate(count=Count("pk"), sum=Sum("revision"), at=Max("changed_at"))
    standing = Q(removed_at=None)
    rows = entry.rows.aggregate(
        count=Count("pk", filter=standing), sum=Sum("revision"), places=Sum("position"), at=Max("changed_at")
    )
    evidence = list(
        entry.attachments.filter(removed_at=None).values_list("pk", "name", "item", "indicators", "valid_until")
    )
    institution = entry.institution
    whole = (entry.pk, entry.season.scheme.sha256, institution.uscc, institution.name, answers, rows, evidence)
    return hashlib.sha256(repr(whole).encode()).hexdigest()
