"""What `ceping points` prints: the window, the counts of a run, a shop's rules one by one, two versions compared."""

from typing import TYPE_CHECKING

from ceping.cli.wrong_use import language

if TYPE_CHECKING:
    from ceping.bulk.comparison import Comparison
    from ceping.bulk.request import Request, Run
    from ceping.bulk.rulebook import Rulebook
    from ceping.core.points import Explanation
    from ceping.core.scheme.points import PointsFile

_WORDS = {
    "zh": {
        "from_first": "首个事件",
        "window": "{scheme}  {start} 至 {end}",
        "counts": "店铺 {shops} 家，事件 {events} 行，被拒 {refused} 行，账目 {entries} 条，积分合计 {points}",
        "level": "  {name}  {number} 家",
        "written": "结果在 {out}，用时 {seconds} 秒",
        "refused": "被拒的行和原因见 {file}",
        "line": "{branch} / {leaf}（{unit}，{score}）  {quantity} × {unit_points} = {points}{cap}  [{rule_id}]",
        "cap": "，封顶 {cap}，少计 {lost}",
        "cap_far": "，封顶 {cap}",
        "total": "{shop} 共 {total} 分，{level}",
        "next": "再得 {distance} 分升为 {name}",
        "highest": "已是最高一级",
        "moved": "{one} → {other}：店铺 {shops} 家，积分有变 {moved} 家，等级有变 {changed} 家",
        "change": "  {shop}  {before} → {after}（{points_before} → {points_after} 分）",
    },
    "en": {
        "from_first": "the first event",
        "window": "{scheme}  {start} to {end}",
        "counts": "{shops} shops, {events} event rows, {refused} rows refused, {entries} ledger lines, {points} points",
        "level": "  {name}  {number}",
        "written": "results in {out}, {seconds} s",
        "refused": "refused rows with their reasons: {file}",
        "line": "{branch} / {leaf} ({unit}, {score})  {quantity} × {unit_points} = {points}{cap}  [{rule_id}]",
        "cap": ", capped at {cap}, {lost} lost",
        "cap_far": ", cap {cap}",
        "total": "{shop}: {total} points, {level}",
        "next": "{distance} more points make {name}",
        "highest": "this is the highest level",
        "moved": "{one} → {other}: {shops} shops, {moved} with other points, {changed} with another level",
        "change": "  {shop}  {before} → {after} ({points_before} → {points_after} points)",
    },
}


def print_window(request: "Request") -> None:
    """Which rules and which days: points are never shown without them."""
    words = _WORDS[language()]
    start = request.window.start or words["from_first"]
    print(words["window"].format(scheme=request.scheme, start=start, end=request.window.end))


def print_run(request: "Request", run: "Run", out: str) -> None:
    """The run in a few lines; the number of refused rows always among them."""
    from ceping.core.points import level_name  # noqa: PLC0415 -- as above

    words = _WORDS[language()]
    print_window(request)
    counts = {"shops": run.shops, "events": run.events, "refused": run.refused}
    print(words["counts"].format(**counts, entries=run.entries, points=run.points))
    for level, rank in _levels_in_order(request.points):
        if number := run.levels.get((level, rank)):
            print(words["level"].format(name=level_name(request.points, level, rank), number=number))
    if run.refused:
        name = "rejected" if request.format == "dataset" else f"rejected.{request.format}"
        print(words["refused"].format(file=f"{out.rstrip('/')}/{name}"))
    print(words["written"].format(out=out, seconds=f"{run.seconds:.1f}"))


def _levels_in_order(points: "PointsFile") -> list[tuple[str, int]]:
    return [("none", 0), *((row.level, row.rank) for row in points.levels)]


def print_explanation(explanation: "Explanation") -> None:
    """Every rule with its quantity, then the total and the distance to the next level."""
    words = _WORDS[language()]
    for line in explanation.lines:
        rule = line.rule
        cap = ""
        if rule.cap is not None:
            cap = words["cap" if line.lost else "cap_far"].format(cap=rule.cap, lost=line.lost)
        print(
            words["line"].format(
                branch=rule.branch,
                leaf=rule.leaf,
                unit=rule.unit,
                score=rule.score,
                quantity=line.quantity,
                unit_points=rule.points,
                points=line.points,
                cap=cap,
                rule_id=rule.rule_id,
            )
        )
    print(words["total"].format(shop=explanation.shop_id, total=explanation.total, level=explanation.level))
    if explanation.next_level is None:
        print(words["highest"])
    else:
        print(words["next"].format(distance=explanation.distance, name=explanation.next_level))


def print_comparison(books: "tuple[Rulebook, Rulebook]", comparison: "Comparison") -> None:
    """How many shops move, and each that changes level."""
    from ceping.core.points import level_name  # noqa: PLC0415 -- as above

    words = _WORDS[language()]
    counts = {"shops": comparison.shops, "moved": comparison.moved, "changed": len(comparison.changed)}
    print(words["moved"].format(one=books[0].label, other=books[1].label, **counts))
    for before, after in comparison.changed:
        print(
            words["change"].format(
                shop=before.shop_id,
                before=level_name(books[0].points, before.level, before.level_rank),
                after=level_name(books[1].points, after.level, after.level_rank),
                points_before=before.points,
                points_after=after.points,
            )
        )
