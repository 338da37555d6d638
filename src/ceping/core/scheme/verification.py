"""verification.toml: whom to draw, what to ask, what each call outcome means, and how satisfaction is defined."""

from typing import Literal

from pydantic import Field

from ceping.core.scheme.indicators import Origin
from ceping.core.scheme.reading import Exact, Rows, Table

Class = Literal["completed", "unsure", "refused", "number_problem", "linked", "non_contact"]
Verdict = Literal["confirmed", "denied", "dead", "linked", "unsure", "refused", "none"]


class Frame(Table):
    """Whom may be drawn: the distinct names of one column of one table of the report."""

    table: str
    column: str
    clause: str = ""


class Sample(Table):
    """How many completed answers are wanted, and how many reserves may be called after the sample.

    Without `reserves` all the rest are.
    """

    size: int = Field(ge=1, le=1_000_000)
    reserves: int | None = Field(default=None, ge=0)
    origin: Origin
    note: str = ""


class Disposition(Table):
    """One call outcome (呼叫结果): its code, its words, its class, and what it says of the client.

    `partial` is an answer that broke off: it counts for the client, and not as a full response.
    """

    code: str
    title: str
    outcome_class: Class = Field(alias="class")
    verdict: Verdict
    partial: bool = False


class Option(Table):
    """One answer that may be given."""

    code: str
    title: str


class Question(Table):
    """One question of the script; its id is the column `q_…` of calls.csv."""

    id: str = Field(pattern=r"q_[a-z0-9_]+")
    text: str
    options: Rows[Option] = ()


class Satisfaction(Table):
    """Satisfaction rate: those whose answer is one of `satisfied`, of those who gave an answer."""

    question: str
    satisfied: Rows[str] = Field(min_length=1)
    origin: Origin


class Interval(Table):
    """The Wilson interval shown beside each rate: its confidence and the normal quantile that goes with it."""

    confidence: Exact = Field(gt=0, lt=1)
    z: Exact = Field(gt=0)


class VerificationFile(Table):
    """verification.toml as a whole."""

    frame: Frame
    sample: Sample
    retry_after_unsure: int = Field(default=2, ge=1, le=99)
    interval: Interval
    satisfaction: Satisfaction
    dispositions: Rows[Disposition] = Field(alias="disposition", min_length=1)
    questions: Rows[Question] = Field(alias="question", min_length=1)
