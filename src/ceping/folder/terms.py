"""season.toml: which scheme a season runs, over which days, with which seeds, and which parameters stand confirmed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticKnownError

from ceping.core.exact import short_text_of, total
from ceping.core.finding import errors_in
from ceping.core.scheme.loading import Scheme, load
from ceping.core.scheme.reading import Exact, Table, read_toml, table_of
from ceping.core.scheme.verification import VerificationFile
from ceping.core.verification import ClientDraw
from ceping.folder.columns import STRATA
from ceping.folder.drawing import MARGIN, SHARE, Size
from ceping.folder.faults import Faults
from ceping.folder.manifest import is_package

NAME = "season.toml"
MOST_BYTES = 1 << 20
MOST_SAMPLE = 100_000


def _day(value: object) -> object:
    # A date in quotes is as plain as one without; what is no date is left for the type to refuse.
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else value
    except ValueError:
        return value


Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]


class Seeds(Table):
    """Seeds of the draws: clients, assessors, and the weights of the rank interval."""

    clients: str = Field(default="", max_length=200)
    assessors: str = Field(default="", max_length=200)
    robustness: str = Field(default="", max_length=200)


class Parameters(Table):
    """Whether what the official text leaves open stands as shipped, was confirmed, or was replaced; by whom, when."""

    status: Literal["illustrative", "confirmed", "replaced"] = "illustrative"
    by: str = ""
    on: Day | None = None
    document: str = ""


class Authorisation(Table):
    """What the organiser allowed in writing; comparing the clients of two institutions takes that (关联分析)."""

    cross_institution: bool = False
    by: str = ""
    on: Day | None = None
    document: str = ""


def _size(value: object) -> object:
    # One fault for one key: a union would tell what is wrong with each of its branches.
    whole = isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST_SAMPLE
    if not whole and value not in ("all", "formula"):
        raise PydanticKnownError("literal_error", {"expected": f"1–{MOST_SAMPLE}, all, formula"})
    return value


def _strata(value: object) -> object:
    if value not in STRATA:
        raise PydanticKnownError("literal_error", {"expected": ", ".join(STRATA)})
    return value


class DrawTerms(Table):
    """How the season draws clients where it says otherwise than its scheme: how many, and by which strata.

    `margin` and `share` are those of the formula for a finite list.
    """

    size: Annotated[int | Literal["all", "formula"] | None, BeforeValidator(_size)] = None
    margin: Exact | None = Field(default=None, gt=0, lt=1)
    share: Exact | None = Field(default=None, gt=0, lt=1)
    strata: Annotated[str, BeforeValidator(_strata)] = ""

    def size_for(self, table: VerificationFile) -> Size:
        """The size of each institution's sample, the scheme's where the season names none."""
        z = table.interval.z
        if self.size == "all":
            return Size("all", z=z)
        if self.size == "formula":
            return Size("formula", margin=self.margin or MARGIN, share=self.share or SHARE, z=z)
        return Size("fixed", self.size or table.sample.size, z=z)

    def wanted(self, table: VerificationFile, draw: ClientDraw) -> int:
        """How many answers are wanted of an institution: the number that is fixed for all, else its own sample."""
        size = self.size_for(table)
        return size.count if size.rule == "fixed" else len(draw.sample)


class Eligibility(Table):
    """The share of clients never reached that is taken to be able to answer (e of AAPOR RR3), and where it is from."""

    share: Exact = Field(gt=0, le=1)
    source: str = Field(min_length=1, max_length=500)


class Terms(Table):
    """season.toml as a whole."""

    format: Literal[1]
    scheme: str
    scheme_sha256: str
    title: str = Field(min_length=1, max_length=200)
    start: Day = Field(alias="from")
    end: Day = Field(alias="to")
    seeds: Seeds = Seeds()
    parameters: Parameters = Parameters()
    weights: Mapping[str, Exact] = Field(default_factory=dict)
    authorisation: Authorisation = Authorisation()
    draw: DrawTerms = DrawTerms()
    eligibility: Eligibility | None = None
    pseudonymised: bool = False


def read_terms(
    folder: Path, faults: Faults, *, scheme_folder: Path | None = None, instead: Scheme | None = None
) -> tuple[Terms, Scheme] | None:
    """The terms with the scheme they name, its hash held against theirs; None when the season cannot be read on.

    `instead` is a scheme that takes the place of the named one.
    """
    path = folder / NAME
    if path.is_file() and path.stat().st_size > MOST_BYTES:
        faults.error("file_too_large", NAME, most=f"{MOST_BYTES >> 20} MB")
        return None
    tables, found = read_toml(path, file=NAME)
    faults.add(found)
    if tables is None:
        return None
    terms, found = table_of(Terms, tables, file=NAME)
    faults.add(found)
    if terms is None:
        return None
    if terms.pseudonymised and not is_package(folder):
        faults.error("pseudonymised_unread", NAME, "pseudonymised")
        return None
    scheme = instead or _scheme_of(terms, faults, scheme_folder)
    if scheme is None:
        return None
    _check(terms, scheme, faults)
    return terms, _as_drawn(scheme, terms.draw)


def _as_drawn(scheme: Scheme, draw: DrawTerms) -> Scheme:
    """The scheme with the season's own sample size; its hash is that of its files all the same."""
    table = scheme.verification
    if not isinstance(draw.size, int) or table is None:
        return scheme
    sample = table.sample.model_copy(update={"size": draw.size})
    return replace(scheme, verification=table.model_copy(update={"sample": sample}))


def _scheme_of(terms: Terms, faults: Faults, scheme_folder: Path | None) -> Scheme | None:
    if "/" in terms.scheme or "@" not in terms.scheme:
        faults.error("scheme_label", NAME, "scheme", given=terms.scheme)
        return None
    scheme, found = load(terms.scheme if scheme_folder is None else f"{scheme_folder}/")
    faults.add(errors_in(found))
    if scheme is None:
        return None
    if scheme.label != terms.scheme:
        faults.error("scheme_differs", NAME, "scheme", given=terms.scheme, loaded=scheme.label)
        return None
    if scheme.sha256 != terms.scheme_sha256:
        faults.error("scheme_hash_differs", NAME, "scheme_sha256", given=terms.scheme_sha256[:64], loaded=scheme.sha256)
        return None
    return scheme


def _check(terms: Terms, scheme: Scheme, faults: Faults) -> None:
    if terms.start > terms.end:
        faults.error("season_period_reversed", NAME, "to", start=terms.start, end=terms.end)
    elif (terms.start, terms.end) != (scheme.header.period.start, scheme.header.period.end):
        usual = f"{scheme.header.period.start} 至 {scheme.header.period.end}"
        faults.warn("season_period_differs", NAME, "from", given=f"{terms.start} 至 {terms.end}", usual=usual)
    parameters = terms.parameters
    if parameters.status != "illustrative":
        for name, value in (("by", parameters.by), ("on", parameters.on), ("document", parameters.document)):
            # Who confirmed them may be a person, whom a public package does not name.
            if not value and not (name == "by" and terms.pseudonymised):
                faults.error("parameters_unbacked", NAME, f"parameters.{name}", status=parameters.status, key=name)
    allowed = terms.authorisation
    if allowed.cross_institution and not terms.pseudonymised:
        for name, value in (("by", allowed.by), ("on", allowed.on), ("document", allowed.document)):
            if not value:
                faults.error("authorisation_unbacked", NAME, f"authorisation.{name}", key=name)
    if parameters.status == "replaced" and not terms.weights:
        faults.error("parameters_unreplaced", NAME, "parameters.status")
    _check_draw(terms.draw, faults)
    if terms.weights:
        _check_weights(terms.weights, scheme, faults)


def _check_draw(draw: DrawTerms, faults: Faults) -> None:
    if draw.size != "formula":
        for key in ("margin", "share"):
            if getattr(draw, key) is not None:
                faults.error("draw_formula_alone", NAME, f"draw.{key}", key=key)


def _check_weights(weights: Mapping[str, Decimal], scheme: Scheme, faults: Faults) -> None:
    known = {item.key: item for item in scheme.scored}
    for key, weight in weights.items():
        if key not in known:
            faults.error("weight_unknown", NAME, f"weights.{key}", key=key, known="、".join(known))
        elif weight <= 0:
            faults.error("weight_not_positive", NAME, f"weights.{key}", given=short_text_of(weight))
    for key, item in known.items():
        if key not in weights:
            faults.error("weight_missing", NAME, "weights", key=key, title=item.title)
    wanted = scheme.indicators.total
    sums = (
        {total(weights[key] for key in keys) for keys in weighed_together(scheme)} if set(weights) >= set(known) else ()
    )
    for whole in sorted(one for one in sums if one != wanted):
        faults.error("weights_differ", NAME, "weights", sum=short_text_of(whole), total=short_text_of(wanted))


def weighed_together(scheme: Scheme) -> set[tuple[str, ...]]:
    """The items whose weights add to the total: all, or those of each category where cohorts are scored apart."""
    categories = [category.id for category in scheme.header.categories] or [""]
    return {tuple(item.key for item in scheme.indicators.scored_for(category)) for category in categories}
