"""What two institutions of a season share and perhaps should not: a name, a telephone, a credit code, a file.

Nothing here is a verdict; it asks for a look. Of an institution in another area only that there is one is told.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ceping.core.names import skeleton
from ceping.core.phone import normalised as normalised_phone
from ceping.ground.people.models import Area, Grant
from ceping.stages.report.models import Attachment, Entry
from ceping.stages.scheme.models import Season

ELSEWHERE = "其他推荐单位的一家机构"
_CITY = ("上海市", "上海")
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Double:
    """One thing shared: `kind` is `name`, `phone`, `claim` or `file`, `words` say it, `with_` names the others.

    `sha256` is that of a shared file.
    """

    kind: str
    words: str
    with_: tuple[str, ...]
    sha256: str = ""

    @property
    def others(self) -> str:
        """The others in one breath, the first few by name."""
        named = "、".join(self.with_[:_MOST_NAMED])
        return named + (f" 等 {len(self.with_)} 家" if len(self.with_) > _MOST_NAMED else "")


def doubles_in(season: Season, area: Area, entries: Sequence[Entry]) -> dict[int, list[Double]]:
    """What each of these entries shares with any other of the season, by the entry's key; three queries.

    A claim of its credit code is told of entries as `entries_of` marks them.
    """
    shown = {entry.pk: entry for entry in entries}
    found: dict[int, list[Double]] = defaultdict(list)
    everybody = {
        pk: (institution, name, phone, own)
        for pk, institution, name, phone, own in Entry.objects.filter(season=season).values_list(
            "pk", "institution_id", "institution__name", "institution__office_phone", "institution__area_id"
        )
    }
    named = {pk: name if own == area.pk else ELSEWHERE for pk, (_, name, _, own) in everybody.items()}
    for words, kind, keys in (
        ("名称几乎相同", "name", {pk: _name_key(name) for pk, (_, name, _, _) in everybody.items()}),
        ("办公电话相同", "phone", {pk: _phone_key(phone) for pk, (_, _, phone, _) in everybody.items()}),
    ):
        for pk, others in _shared(keys, shown):
            found[pk].append(Double(kind, words, _names(others, named)))
    owners = {institution: pk for pk, (institution, *_) in everybody.items()}
    for pk, others in _shared_people(owners, shown):
        found[pk].append(Double("phone", "填报人手机相同", _names(others, named)))
    for pk, entry in shown.items():
        if getattr(entry, "claimed", False):
            found[pk].append(Double("claim", "统一社会信用代码有他人认领", ("待安全管理员核实",)))
    for pk, doubles in _shared_files(season, shown, named).items():
        found[pk] += doubles
    return found


def shared_files(season: Season, area: Area, entry: Entry) -> dict[str, Double]:
    """Files of this entry that another institution of the season also uses, by hash."""
    rows = Entry.objects.filter(season=season).values_list("pk", "institution__name", "institution__area_id")
    named = {pk: name if own == area.pk else ELSEWHERE for pk, name, own in rows}
    return {one.sha256: one for one in _shared_files(season, {entry.pk: entry}, named).get(entry.pk, [])}


def _shared(keys: Mapping[int, str], shown: Collection[int]) -> Iterator[tuple[int, list[int]]]:
    groups: dict[str, list[int]] = defaultdict(list)
    for pk, key in keys.items():
        if key:
            groups[key].append(pk)
    for pk in shown:
        others = [other for other in groups.get(keys.get(pk, ""), ()) if other != pk]
        if others:
            yield pk, others


def _shared_people(owners: Mapping[int, int], shown: Collection[int]) -> Iterator[tuple[int, list[int]]]:
    """Accounts with one telephone, or one account that writes for several institutions."""
    rows = Grant.objects.filter(institution__in=list(owners), revoked_at=None, user__is_active=True)
    groups: dict[object, set[int]] = defaultdict(set)
    for institution, user, phone in rows.values_list("institution_id", "user_id", "user__phone_index"):
        groups[phone or user].add(owners[institution])
    for entries in groups.values():
        for pk in entries.intersection(shown):
            if len(entries) > 1:
                yield pk, sorted(entries - {pk})


def _shared_files(season: Season, shown: Mapping[int, Entry], named: Mapping[int, str]) -> dict[int, list[Double]]:
    own = Attachment.objects.filter(entry__in=list(shown), removed_at=None)
    rows = Attachment.objects.filter(
        entry__season=season, removed_at=None, file__blob__in=own.values("file__blob")
    ).values_list("entry_id", "file__blob__sha256", "name")
    users: dict[str, dict[int, str]] = defaultdict(dict)
    for pk, sha256, name in rows:
        users[sha256][pk] = name
    found: dict[int, list[Double]] = defaultdict(list)
    for sha256, by_entry in users.items():
        for pk, name in by_entry.items():
            others = sorted(by_entry.keys() - {pk})
            if others and pk in shown:
                found[pk].append(Double("file", f"附件“{name}”与别家是同一个文件", _names(others, named), sha256))
    return found


def _names(others: Collection[int], named: Mapping[int, str]) -> tuple[str, ...]:
    return tuple(sorted({named[pk] for pk in others}))


# A season has hundreds of them, and every list asks for all.
@lru_cache(maxsize=8192)
def _phone_key(phone: str) -> str:
    return normalised_phone(phone)


@lru_cache(maxsize=8192)
def _name_key(name: str) -> str:
    """What is left of a name without its place and legal form, so that 启衡咨询（上海）is near to 上海启衡咨询."""
    key = skeleton(name)
    for city in _CITY:
        key = key.replace(f"({city})", "").replace(city, "")
    return key.replace("股份有限公司", "").replace("有限公司", "").replace("(", "").replace(")", "")
