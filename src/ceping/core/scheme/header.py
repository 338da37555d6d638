"""scheme.toml: which scheme this is, who issued it, its period, categories, recommenders, calendar and readings."""

import re
from datetime import date
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from ceping.core.scheme.reading import Rows, Table


class Category(Table):
    """A service category (服务类别): its id in the form's choices and its official words."""

    id: str
    title: str


class Period(Table):
    """From the first to the last day of the evaluation, both counted."""

    start: date = Field(alias="from")
    end: date = Field(alias="to")

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.end < self.start:
            raise PydanticCustomError("period_reversed", "")
        return self


class Reading(Table):
    """One question the official text leaves open, and how this scheme reads it."""

    id: str
    question: str
    reading: str
    clause: str = ""


class Phase(Table):
    """One phase of the calendar and how many days it lasts unless the season says otherwise."""

    phase: str
    days: int = Field(ge=1, le=366)


class HeaderFile(Table):
    """scheme.toml as a whole."""

    id: str
    version: int = Field(ge=1, le=9999)
    title: str
    authority: str
    source: str
    excerpt: str = ""
    period: Period
    time_zone: Literal["Asia/Shanghai"] = "Asia/Shanghai"
    categories: Rows[Category] = Field(alias="category", min_length=1)
    recommenders: Rows[str] = ()
    calendar: Rows[Phase] = ()
    readings: Rows[Reading] = Field(default=(), alias="reading")

    @field_validator("id")
    @classmethod
    def _plain_id(cls, value: str) -> str:
        if re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value) is None:
            raise PydanticCustomError("scheme_id_refused", "")
        return value
