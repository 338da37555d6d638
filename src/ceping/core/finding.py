"""A fault as a value: a code, where it is, and the values its text needs; many are reported at once."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

_TEXTS = Path(__file__).parent / "texts"
_REASONS = _TEXTS / "reasons.toml"
# How json and tomllib name the place behind what is wrong.
_PLACE = re.compile(
    r"(?:: line (?P<line>[0-9]+) column (?P<column>[0-9]+)(?: - .*)?(?: \(char .*\))?"
    r"| \(at line (?P<toml_line>[0-9]+), column (?P<toml_column>[0-9]+)\)"
    r"|(?P<end> \(at end of document\)))$"
)


class Level(StrEnum):
    """How much a finding weighs: an error stops the work, a warning asks a person to look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault. `file` is relative to what was given; `place` is a key path, a row or a field, as people name it."""

    code: str
    file: str = ""
    place: str = ""
    values: tuple[tuple[str, str], ...] = ()
    level: Level = Level.ERROR

    def message(self, language: str = "zh") -> str:
        """What is wrong, in the reader's language."""
        return _text(self, "message", language)

    def remedy(self, language: str = "zh") -> str:
        """What to do about it, in the reader's language."""
        return _text(self, "remedy", language)

    def as_json(self, language: str = "zh") -> dict[str, str]:
        """The six keys every command prints with `--json`."""
        return {
            "level": self.level.value,
            "code": self.code,
            "file": self.file,
            "place": self.place,
            "message": self.message(language),
            "remedy": self.remedy(language),
        }


def fault(code: str, *, file: str = "", place: str = "", level: Level = Level.ERROR, **values: object) -> Finding:
    """A finding with its values as text; every code has a text in each language (a house test)."""
    return Finding(code, file, place, tuple((name, str(value)) for name, value in values.items()), level)


def errors_in(findings: Iterable[Finding]) -> list[Finding]:
    """Those that stop the work."""
    return [finding for finding in findings if finding.level is Level.ERROR]


@cache
def texts(language: str = "zh") -> Mapping[str, Mapping[str, str]]:
    """The one table of a language: code to `message` and `remedy`, merged from the topic files of its folder."""
    table: dict[str, Mapping[str, str]] = {}
    for path in sorted((_TEXTS / language).glob("*.toml")):
        for code, entry in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if code in table:
                raise LookupError(f"{language}: {code} has two texts")
            table[code] = entry
    return table


def _text(finding: Finding, part: str, language: str) -> str:
    values = dict(finding.values)
    if language == "zh" and "reason" in values:
        values["reason"] = in_chinese(values["reason"])
    return texts(language)[finding.code][part].format_map(values)


def in_chinese(reason: str) -> str:
    """Why something could not be read or written, as the system or a reader of Python says it: in Chinese.

    With the line and column it names; a reason that is not known stays as it is.
    """
    system, readers = _reasons()
    if reason in system:
        return system[reason]
    place = _PLACE.search(reason)
    words = reason[: place.start()] if place else reason
    for pattern, chinese in readers:
        if found := pattern.fullmatch(words):
            return found.expand(chinese) + _where(place)
    return reason


@cache
def _reasons() -> tuple[Mapping[str, str], Sequence[tuple[re.Pattern[str], str]]]:
    table = tomllib.loads(_REASONS.read_text(encoding="utf-8"))
    return table["system"], [(re.compile(one["pattern"], re.DOTALL), one["chinese"]) for one in table["reader"]]


def _where(place: re.Match[str] | None) -> str:
    if place is None:
        return ""
    if place["end"]:
        return "，在文件末尾"
    line, column = place["line"] or place["toml_line"], place["column"] or place["toml_column"]
    return f"，第 {line} 行第 {column} 列"
