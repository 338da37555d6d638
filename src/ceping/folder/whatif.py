"""What if: other weights or marks, another scheme, an assessor less; old and new side by side, nothing recorded."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from ceping.bulk.request import Encoding
from ceping.core.assessment import Adjudication, Mark, adjudication_due, brought_together, effective
from ceping.core.evaluation import Entry, Outcome, Result, evaluate
from ceping.core.exact import CONTEXT, product, quotient, short_text_of, total
from ceping.core.finding import Finding, errors_in, fault
from ceping.core.scheme.loading import Scheme, load
from ceping.folder.counting import count_points, entries_with_shops
from ceping.folder.manifest import SCHEME, encoding_of, is_package, package_faults
from ceping.folder.season import Season, read_season
from ceping.folder.terms import weighed_together

NOTE = "试算，不改变任何记录"
Weights = Mapping[str, Decimal]
Marks = Mapping[tuple[str, str], Decimal]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is tried: weights by item, the rest scaled to fill the total if so asked; a scheme; an assessor left out.

    `marks` by credit code and item stand in place of what the assessors gave there, as if so adjudicated.
    """

    weights: Weights = field(default_factory=dict)
    rescale: bool = False
    scheme: str = ""
    without: str = ""
    marks: Marks = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Side:
    """Where an institution stands: on record or in the trial."""

    total: Decimal | None
    grade: str
    rank: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """One institution on record and in the trial."""

    uscc: str
    name: str
    old: Side
    new: Side


@dataclass(frozen=True, slots=True)
class Tried:
    """The outcome of a trial: the institutions in order of their new rank; none with the findings that stopped it."""

    findings: list[Finding]
    lines: Sequence[Line] = ()
    schemes: tuple[str, str] = ("", "")
    weights: Mapping[str, tuple[Decimal | None, Decimal]] = field(default_factory=dict)
    without: str = ""

    @property
    def done(self) -> bool:
        """Whether there is an outcome."""
        return bool(self.schemes[0])

    @property
    def changed(self) -> list[Line]:
        """Those whose total, grade or rank is another one."""
        return [line for line in self.lines if line.old != line.new]

    def count(self, name: str) -> int:
        """How many institutions have another `total`, `grade` or `rank`."""
        return sum(getattr(line.old, name) != getattr(line.new, name) for line in self.lines)


def try_out(
    folder: Path, asked: Asked, *, encoding: Encoding = Encoding.UTF8, scheme_folder: Path | None = None
) -> Tried:
    """The trial; nothing is written anywhere but in a folder of its own that is gone afterwards.

    Raises output.Refused for a package that cannot be read.
    """
    if is_package(folder):
        if wrong := package_faults(folder):
            return Tried(wrong)
        encoding, scheme_folder = Encoding(encoding_of(folder)), folder / SCHEME
    season, faults = read_season(folder, encoding=encoding.value, scheme_folder=scheme_folder)
    if season is None or faults.stops:
        return Tried(faults.findings)
    other, findings = _other_season(season, asked, encoding)
    if other is None:
        return Tried(findings)
    weights, findings = _weights(other, asked)
    who, more = _assessor(other, asked.without)
    unfit = list(_unfit(other, asked.marks))
    if findings or more or unfit:
        return Tried([*findings, *more, *unfit])
    old, findings = _outcome(season, season.settings.weights, Asked(), encoding)
    new, more = _outcome(other, weights, replace(asked, without=who), encoding)
    if old is None or new is None:
        return Tried([*findings, *more])
    before = {result.entry.uscc: result for result in old.results}
    lines = [Line(one.entry.uscc, one.entry.name, _side(before[one.entry.uscc]), _side(one)) for one in new.results]
    lines.sort(key=lambda line: (line.new.rank is None, line.new.rank or 0, line.uscc))
    labels = (_label(season.scheme), _label(other.scheme))
    return Tried([], lines, labels, _moved(season, other, weights), who)


def _label(scheme: Scheme) -> str:
    return f"{scheme.label} {scheme.sha256[:12]}"


def _side(result: Result) -> Side:
    standing = result.standing
    return Side(standing.total, standing.grade, result.ranks.rank)


def _other_season(season: Season, asked: Asked, encoding: Encoding) -> tuple[Season | None, list[Finding]]:
    """The season read again under the other scheme, or as it is; None when that scheme cannot be used for it."""
    if not asked.scheme:
        return season, []
    scheme, found = load(asked.scheme)
    if scheme is None:
        return None, errors_in(found)
    other, faults = read_season(season.folder, encoding=encoding.value, instead=scheme)
    if other is None or faults.stops:
        return None, errors_in(faults.findings)
    return other, []


def _own_weights(season: Season) -> dict[str, Decimal]:
    return {item.key: season.terms.weights.get(item.key, item.item.weight) for item in season.scheme.scored}


def _weights(season: Season, asked: Asked) -> tuple[Weights, list[Finding]]:
    """Every item's weight in the trial; they add to the scheme's total or a finding says what they add to."""
    own, whole = _own_weights(season), season.scheme.indicators.total
    known = "、".join(own)
    faults = [fault("whatif_item_unknown", given=key[:40], known=known) for key in asked.weights if key not in own]
    faults += [
        fault("whatif_weight_negative", given=f"{key}={short_text_of(weight)}")
        for key, weight in asked.weights.items()
        if weight < 0
    ]
    if faults or not asked.weights:
        return season.settings.weights, faults
    weights = own | dict(asked.weights)
    if asked.rescale and not season.scheme.indicators.cohorts:
        weights = _rescaled(own, asked.weights, whole)
    sums = {total(weights[key] for key in keys) for keys in weighed_together(season.scheme)}
    wrong = sorted(came for came in sums if not _near(came, whole))
    return weights, [
        fault("whatif_weights_differ", sum=short_text_of(came), total=short_text_of(whole)) for came in wrong
    ]


def _rescaled(own: Weights, given: Weights, whole: Decimal) -> dict[str, Decimal]:
    """The given weights as they are, the others in proportion to what they were; as before when nothing is left."""
    left = CONTEXT.subtract(whole, total(given.values()))
    others = total(weight for key, weight in own.items() if key not in given)
    if left < 0 or not others:
        return {**own, **given}
    return {key: given[key] if key in given else quotient(product(weight, left), others) for key, weight in own.items()}


def _near(came: Decimal, whole: Decimal) -> bool:
    # A third has no last digit: what fifty digits cannot hold is no other weight.
    return abs(CONTEXT.subtract(came, whole)) < Decimal(1).scaleb(-40)


def _assessor(season: Season, given: str) -> tuple[str, list[Finding]]:
    """The pseudonym of the assessor to leave out, who may be named by id or by pseudonym."""
    if not given or given in season.pseudonyms:
        return season.pseudonyms.get(given, ""), []
    if given in season.pseudonyms.values():
        return given, []
    return "", [fault("whatif_assessor_unknown", given=given[:40], known="、".join(season.pseudonyms))]


def _unfit(season: Season, marks: Marks) -> Iterator[Finding]:
    """What is wrong with the marks to be tried: nobody of that code, no judged item of that name, no such mark."""
    for (uscc, key), mark in marks.items():
        item = season.scheme.item(key)
        if uscc not in season.institutions or item is None or item.judge is None:
            yield fault("whatif_mark_unknown", given=f"{uscc[:18]} {key[:40]}")
        elif not 0 <= mark <= item.judge.max:
            yield fault("whatif_mark_unfit", given=short_text_of(mark), most=short_text_of(item.judge.max))


def _outcome(
    season: Season, weights: Weights, asked: Asked, encoding: Encoding
) -> tuple[Outcome | None, list[Finding]]:
    with TemporaryDirectory(prefix="ceping-whatif-") as scratch:
        points = count_points(season, encoding, Path(scratch))
        if points is None:
            return None, season.faults.findings
        entries = [
            _marked(_without(season.scheme, entry, asked.without), asked.marks)
            for entry in entries_with_shops(season, points)
        ]
        outcome = evaluate(season.scheme, entries, replace(season.settings, weights=weights))
    faults = errors_in(outcome.findings)
    return (None, faults) if faults else (outcome, [])


def _without(scheme: Scheme, entry: Entry, who: str) -> Entry:
    """The entry without that assessor's marks; what the others gave counts, though fewer than the rule asks for."""
    if not who:
        return entry
    marks: dict[str, Sequence[Mark]] = dict(entry.marks)
    settled: dict[str, Adjudication] = dict(entry.adjudications)
    for item in scheme.scored:
        given = marks.get(item.key, ())
        left = [mark for mark in given if mark.assessor != who]
        if item.judge is None or len(left) == len(given):
            continue
        marks[item.key] = left
        short = 0 < len(left) < item.judge.raters
        if short and item.key not in settled and not adjudication_due(item.judge, left):
            mark = brought_together(item.judge, [effective(one) for one in left])
            settled[item.key] = Adjudication(mark, "", "")
    return replace(entry, marks=marks, adjudications=settled)


def _marked(entry: Entry, marks: Marks) -> Entry:
    """The entry with the marks that are tried."""
    mine = {key: Adjudication(mark, "", "") for (uscc, key), mark in marks.items() if uscc == entry.uscc}
    return replace(entry, adjudications={**entry.adjudications, **mine}) if mine else entry


def _moved(season: Season, other: Season, weights: Weights) -> dict[str, tuple[Decimal | None, Decimal]]:
    """The items whose weight is another one in the trial, on record and in the trial."""
    old, new = _own_weights(season), {**_own_weights(other), **weights}
    return {key: (old.get(key), weight) for key, weight in new.items() if old.get(key) != weight}
