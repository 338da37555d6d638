"""What a public package keeps of a season: of each file the columns that rules read and that name no person."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ceping.core.scheme.metrics import FromCalls, FromShop, Metric
from ceping.core.scheme.values import Which
from ceping.folder import columns
from ceping.folder.columns import Column, File

VALUES = File(
    "values.csv",
    (
        Column("uscc", ("统一社会信用代码",), "uscc"),
        Column("metric_id", ("指标量",), "code"),
        Column("which", ("哪个值",), "choice", words={"claimed": "申报值", "verified": "核定值", "platform": "平台值"}),
        Column("value", ("值",), filled=False),
        Column("source", ("出处",), filled=False),
        Column("note", ("说明",), filled=False),
    ),
    ("uscc", "metric_id", "which"),
)
POINTS = "points"
LEDGER = File(
    f"{POINTS}/ledger.csv",
    (
        Column("shop_id", ("店铺编号",), "code"),
        Column("rule_id", ("规则编号",), "code"),
        Column("quantity", ("数量",), "whole"),
        Column("points", ("积分",), "whole"),
    ),
    ("shop_id", "rule_id"),
)
TOTALS = File(
    f"{POINTS}/totals.csv",
    (
        Column("shop_id", ("店铺编号",), "code"),
        Column("points", ("积分",), "whole"),
        Column("level", ("等级",), "choice", words={"none": "无", "star": "星", "diamond": "钻", "crown": "冠"}),
        Column("level_rank", ("级数",), "whole"),
    ),
    ("shop_id",),
)

# The level of a shop is that of all its points up to the season's last day, not of the season's alone.
CUMULATIVE = replace(TOTALS, name=f"{POINTS}/cumulative.csv")


def _only(file: File, *names: str) -> File:
    return replace(file, columns=tuple(column for column in file.columns if column.name in names))


def _clients() -> File:
    # A stratum is a number here: the words are those of an institution.
    kept = _only(columns.CLIENTS, "uscc", "client_key", *columns.STRATA)
    told = (replace(one, type="code") if one.name in columns.STRATA else one for one in kept.columns)
    return replace(kept, columns=tuple(told))


# What is not here is no part of a public package: reports, conflicts, verdicts and registers, each with people's words.
FORMS: Mapping[str, File] = {
    form.name: form
    for form in (
        _only(columns.INSTITUTIONS, "uscc", "name", "category", "shop_id"),
        _only(columns.ASSESSORS, "assessor_id"),
        columns.ASSIGNMENTS,
        _only(columns.MARKS, "uscc", "indicator_id", "assessor_id", "mark", "coefficient"),
        _only(columns.ADJUDICATIONS, "uscc", "indicator_id", "mark"),
        _only(columns.DECISIONS_FILE, "uscc", "kind", "rule_id", "effect", "by_role", "on"),
        _clients(),
        _only(columns.CALLS, "uscc", "client_key", "attempt", "mode", "disposition"),
        _only(columns.SHOPS, "shop_id", "certificate_count", "product_count", "decorated", "activity_count"),
        columns.HISTORY,
        VALUES,
    )
}


def questions_kept(metrics: Mapping[str, Metric], satisfaction: str) -> Sequence[str]:
    """The columns of answers that a public package keeps: the one a satisfaction rate is counted from, if any is."""
    asked = any(
        isinstance(source, FromCalls) and source.rate == "satisfaction"
        for metric in metrics.values()
        for _, source in metric.sources()
    )
    return [satisfaction] if asked else []


def computed(metric: Metric, which: Which) -> bool:
    """Whether this value comes out of the other files of a public package, and so is not kept in values.csv."""
    return bool(metric.derived_from) or isinstance(dict(metric.sources()).get(which), FromShop | FromCalls)
