"""The shape of report.json: which keys it has and what kind of value each holds; what the answers mean is not asked."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ceping.core.finding import Finding, fault
from ceping.core.report.answers import Acceptance, Answer, Attachment, Report, Row

_KEYS = ("scheme", "institution", "answers", "tables", "attachments", "commitment")
_ATTACHMENT_KEYS = ("item", "file", "sha256", "indicators", "valid_until")
_COMMITMENT_KEYS = ("text_sha256", "accepted_by", "accepted_at")
_ITEM_DIGITS = 3
# No text of a person holds NUL or half of a character.
_BROKEN = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number of the JSON text as it was written, never worked out: it may have any length or exponent."""

    text: str

    def __str__(self) -> str:
        return self.text


class Shape:
    """Reads one object and gathers what is wrong; `unreadable` once a part has no usable shape at all."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[Finding] = []
        self.unreadable = False

    def report(self, data: Mapping[str, Any]) -> Report:
        """The report, as far as its parts have a usable shape."""
        self._known(data, _KEYS, "")
        institution = self._table(data, "institution", wanted=True)
        self._known(institution, ("uscc", "name"), "institution.")
        return Report(
            scheme=self._text(data.get("scheme", ""), "scheme"),
            uscc=self._text(institution.get("uscc", ""), "institution.uscc"),
            name=self._text(institution.get("name", ""), "institution.name"),
            answers=dict(self._answers(self._table(data, "answers"))),
            tables=dict(self._tables(self._table(data, "tables"))),
            attachments=tuple(self._attachments(self._list(data.get("attachments", []), "attachments"))),
            acceptance=self._acceptance(data),
        )

    def _answers(self, answers: Mapping[str, Any]) -> Iterator[tuple[str, Answer]]:
        for key, value in answers.items():
            place = f"answers.{self._key(key)}"
            if isinstance(value, list):
                yield key, tuple(self._text(one, f"{place}[{number}]") for number, one in enumerate(value, start=1))
            else:
                yield key, self._text(value, place)

    def _tables(self, tables: Mapping[str, Any]) -> Iterator[tuple[str, tuple[Row, ...]]]:
        for key, value in tables.items():
            place = f"tables.{self._key(key)}"
            yield key, tuple(self._rows(self._list(value, place), place))

    def _rows(self, rows: list[Any], place: str) -> Iterator[Row]:
        for number, row in enumerate(rows, start=1):
            if isinstance(row, Mapping):
                where = f"{place}[{number}]"
                yield {key: self._text(value, f"{where}.{self._key(key)}") for key, value in row.items()}
            else:
                self._useless(f"{place}[{number}]", row)

    def _attachments(self, rows: list[Any]) -> Iterator[Attachment]:
        for number, row in enumerate(rows, start=1):
            place = f"attachments[{number}]"
            if not isinstance(row, Mapping):
                self._useless(place, row)
                continue
            self._known(row, _ATTACHMENT_KEYS, f"{place}.")
            indicators = self._list(row.get("indicators", []), f"{place}.indicators")
            yield Attachment(
                file=self._text(row.get("file", ""), f"{place}.file"),
                item=self._item(row.get("item"), f"{place}.item"),
                sha256=self._text(row.get("sha256", ""), f"{place}.sha256"),
                indicators=tuple(self._text(one, f"{place}.indicators") for one in indicators),
                valid_until=self._text(row.get("valid_until", ""), f"{place}.valid_until"),
            )

    def _acceptance(self, data: Mapping[str, Any]) -> Acceptance | None:
        if data.get("commitment") in (None, {}):
            return None
        table = self._table(data, "commitment")
        self._known(table, _COMMITMENT_KEYS, "commitment.")
        return Acceptance(*(self._text(table.get(key, ""), f"commitment.{key}") for key in _COMMITMENT_KEYS))

    def _item(self, value: object, place: str) -> int | None:
        if value is None or value == "":
            return None
        text = "" if isinstance(value, bool) else str(value)
        if isinstance(value, int | str | Numeral) and text.isascii() and text.isdigit() and len(text) <= _ITEM_DIGITS:
            return int(text)
        self._say(fault("report_item_not_a_number", file=self.file, place=place, given=_shown(value)))
        return None

    def _table(self, data: Mapping[str, Any], key: str, *, wanted: bool = False) -> Mapping[str, Any]:
        value = data.get(key, None if wanted else {})
        if isinstance(value, Mapping):
            return value
        if key not in data:
            self._say(fault("report_key_missing", file=self.file, place=key, key=key))
            self.unreadable = True
        else:
            self._useless(key, value)
        return {}

    def _list(self, value: object, place: str) -> list[Any]:
        if isinstance(value, list | tuple):
            return list(value)
        self._useless(place, value)
        return []

    def _text(self, value: object, place: str) -> str:
        if isinstance(value, str):
            if _BROKEN.search(value):
                self._say(fault("report_text_broken", file=self.file, place=place))
                self.unreadable = True
            return value
        self._say(fault("report_value_not_text", file=self.file, place=place, given=_shown(value)))
        if isinstance(value, bool):
            return "yes" if value else "no"
        return str(value)[:100] if isinstance(value, int | Decimal | Numeral) else ""

    def _known(self, table: Mapping[str, Any], known: tuple[str, ...], prefix: str) -> None:
        for key in table:
            if key not in known:
                place = prefix + self._key(key)
                self._say(
                    fault("report_key_unknown", file=self.file, place=place, key=_shown(key), known="、".join(known))
                )

    def _key(self, key: object) -> str:
        if not isinstance(key, str) or _BROKEN.search(key):
            self.unreadable = True
            self._say(fault("report_text_broken", file=self.file, place=_shown(key)))
        return _shown(key)

    def _useless(self, place: str, value: object) -> None:
        self.unreadable = True
        self._say(fault("report_wrong_shape", file=self.file, place=place, given=_shown(value)))

    def _say(self, finding: Finding) -> None:
        self.findings.append(finding)


def _shown(value: object) -> str:
    if isinstance(value, str):
        text = value[:41]
    else:
        names = {dict: "{…}", list: "[…]", type(None): "null", bool: str(value).lower()}
        text = names.get(type(value), str(value)[:41])
    if not text.isprintable():
        text = "".join(char if char.isprintable() else "\ufffd" for char in text)
    return text if len(text) <= 40 else text[:40] + "…"
