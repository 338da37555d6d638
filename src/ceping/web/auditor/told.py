"""Entries of the journal as people read them: names for numbers, words for acts, and nothing personal beyond names."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from ceping.ground.journal.models import Entry
from ceping.ground.people.models import Area, Institution, User
from ceping.ground.people.roles import ROLE_NAMES, Role
from ceping.stages.report.models import Entry as Report
from ceping.stages.scheme.models import SchemeVersion, Season
from ceping.web.auditor.acts import ACTS, KINDS
from ceping.web.auditor.keys import KEYS

HEADS = ("编号", "链", "序号", "时间", "人员", "角色", "操作", "对象", "原因", "内容", "哈希")
_MOST_BODY = 400


@dataclass(frozen=True, slots=True)
class Told:
    """One entry in words; `entry` is the row itself."""

    entry: Entry
    who: str
    role: str
    act: str
    about: str
    body: str
    chain: str

    def cells(self) -> tuple[object, ...]:
        """The line of an export, in the order of `HEADS`."""
        one = self.entry
        at = f"{timezone.localtime(one.at):%Y-%m-%d %H:%M:%S}"
        about = (self.about, one.reason, self.body, one.sha256)
        return (one.pk, self.chain, one.number, at, self.who, self.role, self.act, *about)


def told(entries: Sequence[Entry]) -> list[Told]:
    """The entries in words; one query a kind of record, however many there are."""
    people = dict(User.objects.filter(pk__in=_numbers(entries)).values_list("pk", "name"))
    names = {kind: _names(kind, [one.key for one in entries if one.kind == kind]) for kind in KINDS}
    chains = {f"season-{pk}": title for pk, title in Season.objects.values_list("pk", "title")}
    return [
        Told(
            one,
            people.get(one.by, f"人员 {one.by}") if one.by is not None else "平台",
            ROLE_NAMES.get(Role(one.role), "") if one.role in set(Role) else "",
            ACTS.get(one.act, one.act),
            _about(one, names),
            _body(one.body),
            chains.get(one.chain, "平台" if one.chain == "platform" else one.chain),
        )
        for one in entries
    ]


def _numbers(entries: Iterable[Entry]) -> set[int]:
    return {one.by for one in entries if one.by is not None}


def _about(one: Entry, names: Mapping[str, Mapping[str, str]]) -> str:
    name = names.get(one.kind, {}).get(one.key, "")
    word = KINDS.get(one.kind, one.kind)
    return f"{word}　{name}" if name else f"{word} {one.key}".strip()


def _names(kind: str, keys: Sequence[str]) -> dict[str, str]:
    wanted = {int(key) for key in keys if key.isascii() and key.isdigit()}
    if not wanted:
        return {}
    rows: Iterable[tuple[int, str]]
    match kind:
        case "entry":
            rows = Report.objects.filter(pk__in=wanted).values_list("pk", "institution__name")
        case "institution":
            rows = Institution.objects.filter(pk__in=wanted).values_list("pk", "name")
        case "area":
            rows = Area.objects.filter(pk__in=wanted).values_list("pk", "name")
        case "user":
            rows = User.objects.filter(pk__in=wanted).values_list("pk", "name")
        case "season":
            rows = Season.objects.filter(pk__in=wanted).values_list("pk", "title")
        case "scheme_version":
            rows = ((one.pk, str(one)) for one in SchemeVersion.objects.filter(pk__in=wanted))
        case _:
            rows = ()
    return {str(pk): name for pk, name in rows}


def _body(body: Mapping[str, Any]) -> str:
    text = _pairs(body)
    return text if len(text) <= _MOST_BODY else f"{text[:_MOST_BODY]}…"


def _pairs(body: Mapping[str, Any]) -> str:
    said = ((key, value) for key, value in body.items() if value not in (None, "", [], {}))
    return "；".join(f"{KEYS.get(key, key)} {_said(key, value)}" for key, value in said)


def _said(key: str, value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dict):
        return f"（{_pairs(value)}）"
    if isinstance(value, list):
        return "、".join(_said(key, one) for one in value)
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return ROLE_NAMES[Role(value)] if key == "role" and value in set(Role) else value
