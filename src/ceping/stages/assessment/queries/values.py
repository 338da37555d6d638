"""The three values of the metrics a person verifies: as claimed, as verified, as the platform has it."""

from dataclasses import dataclass, replace

from ceping.core.evaluation import ShopCounts
from ceping.core.evaluation.entry import Entry as Known
from ceping.core.evaluation.values import metric_values
from ceping.core.exact import short_text_of
from ceping.core.scheme.metrics import FromShop, Metric
from ceping.core.scheme.values import MetricValue, Which
from ceping.stages.assessment.models import VerifiedValue
from ceping.stages.assessment.queries.evidence import values_wanted
from ceping.stages.report.models import Entry, Submission
from ceping.stages.report.queries import report_in
from ceping.stages.scheme.queries import rules_of


@dataclass(frozen=True, slots=True)
class ThreeValues:
    """One metric of one entry; an empty text means that there is no such value."""

    name: str
    metric: Metric
    claimed: str
    verified: VerifiedValue | None
    platform: str


def values_of(
    entry: Entry, submission: Submission | None, shop: ShopCounts | None = None, *, every: bool = False
) -> list[ThreeValues]:
    """Every metric whose verified value a person records, with what the report claims and the platform knows.

    `shop` is what the platform counts for the entry's shop; with `every` metrics that the platform alone counts come
    after them.
    """
    wanted, rules = dict(values_wanted(entry.season)), rules_of(entry.season)
    if every:
        counted = {name: one for name, one in rules.indicators.metrics.items() if isinstance(one.platform, FromShop)}
        wanted |= {name: one for name, one in counted.items() if name not in wanted}
    known = Known(uscc=entry.institution.uscc, name=entry.institution.name, category=entry.category, shop=shop)
    if submission is not None:
        report = report_in(submission.report)
        known = replace(known, answers=report.answers, tables=report.tables)
    found = metric_values(rules, known, None)
    stored = VerifiedValue.objects.filter(entry=entry).select_related("set_by")
    verified = {one.metric: one for one in stored}
    return [
        ThreeValues(
            name,
            metric,
            _text(found[name][Which.CLAIMED]),
            verified.get(name),
            _text(found[name][Which.PLATFORM]),
        )
        for name, metric in wanted.items()
    ]


def _text(value: MetricValue) -> str:
    if value.value is None:
        return ""
    return value.value if isinstance(value.value, str) else short_text_of(value.value)
