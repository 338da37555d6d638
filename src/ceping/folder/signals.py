"""What a person should look at: odd numbers, contacts, names, orders and files; a signal costs nobody a point.

What compares the clients of two institutions needs the organiser's authorisation (网络数据安全管理条例: 关联分析).
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal, TypeVar

from ceping.core.names import normalised as normalised_name
from ceping.core.names import skeleton
from ceping.core.phone import Kind, kind_of, masked
from ceping.core.phone import normalised as normalised_phone

Key = TypeVar("Key", bound=Hashable)
Item = TypeVar("Item")

RUN_LEAST = 3
CONTACT_LEAST = 3
BURST_LEAST = 20
_NAMED = 6


@dataclass(frozen=True, slots=True)
class ListedClient:
    """One row of an institution's client list."""

    uscc: str
    key: str
    name: str
    contact: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class OwnNumber:
    """A number of the institution itself; `role` in words, such as 法定代表人, 联系人 or 员工."""

    uscc: str
    role: str
    phone: str


@dataclass(frozen=True, slots=True)
class Crowded:
    """One minute of an institution's shop with `BURST_LEAST` orders or more, as `2021-03-01 10:00`."""

    uscc: str
    minute: str
    orders: int


@dataclass(frozen=True, slots=True)
class Filed:
    """One attachment by the hash of its bytes."""

    uscc: str
    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Signal:
    """Something to look at, in words, with the institutions and client keys it is about; never a judgement."""

    code: str
    usccs: tuple[str, ...]
    client_keys: tuple[str, ...]
    words: str
    level: Literal["look"] = "look"


def signals_json(signals: Iterable[Signal]) -> list[dict[str, object]]:
    """The signals as rows for a file or a page, by code, institution and key."""
    ordered = sorted(signals, key=lambda one: (one.code, one.usccs, one.client_keys, one.words))
    return [asdict(signal) for signal in ordered]


def signals_in(
    clients: Sequence[ListedClient],
    own: Sequence[OwnNumber] = (),
    crowded: Sequence[Crowded] = (),
    files: Sequence[Filed] = (),
    *,
    cross_institution: bool,
) -> list[Signal]:
    """All signals; `cross_institution` says that the season records the organiser's authorisation to compare lists."""
    found: list[Signal] = []
    for uscc, listed in sorted(_grouped(clients, lambda client: client.uscc).items()):
        found += _shared_phones(uscc, listed)
        found += _own_phones(uscc, listed, [number for number in own if number.uscc == uscc])
        found += _sequential(uscc, listed)
        found += _shared_contacts(uscc, listed)
        found += _near_names(uscc, listed)
    if cross_institution:
        found += _phones_across(clients)
    found += _bursts(crowded)
    found += _shared_files(files)
    return found


def _shared_phones(uscc: str, listed: Sequence[ListedClient]) -> Iterator[Signal]:
    for phone, group in _by_phone(listed).items():
        if len(group) > 1:
            yield _signal("phone_shared", uscc, group, f"{len(group)} 家服务对象留同一号码 {masked(phone)}")


def _own_phones(uscc: str, listed: Sequence[ListedClient], own: Sequence[OwnNumber]) -> Iterator[Signal]:
    roles: dict[str, list[str]] = {}
    for number in own:
        roles.setdefault(normalised_phone(number.phone), []).append(number.role)
    for phone, group in _by_phone(listed).items():
        if phone in roles:
            whose = "、".join(dict.fromkeys(roles[phone]))
            yield _signal("phone_own", uscc, group, f"服务对象的号码 {masked(phone)} 与本机构{whose}的号码相同")


def _sequential(uscc: str, listed: Sequence[ListedClient]) -> Iterator[Signal]:
    by_phone = {int(phone): group for phone, group in _by_phone(listed).items() if kind_of(phone) is Kind.MOBILE}
    run: list[int] = []
    for number in [*sorted(by_phone), 0]:
        if run and number == run[-1] + 1:
            run.append(number)
            continue
        if len(run) >= RUN_LEAST:
            group = [client for one in run for client in by_phone[one]]
            words = f"{len(run)} 个号码连号：{masked(str(run[0]))} 至 {masked(str(run[-1]))}"
            yield _signal("phone_sequential", uscc, group, words)
        run = [number]


def _shared_contacts(uscc: str, listed: Sequence[ListedClient]) -> Iterator[Signal]:
    for contact, group in _grouped(listed, lambda client: normalised_name(client.contact)).items():
        if contact and len({normalised_name(client.name) for client in group}) >= CONTACT_LEAST:
            yield _signal("contact_shared", uscc, group, f"{len(group)} 家服务对象是同一名联系人")


def _near_names(uscc: str, listed: Sequence[ListedClient]) -> Iterator[Signal]:
    by_name = _grouped(listed, lambda client: normalised_name(client.name))
    by_name.pop("", None)
    for names in one_character_apart(by_name):
        group = [client for name in names for client in by_name[name]]
        yield _signal("name_near", uscc, group, f"名称只差一字：{_listed([client.name for client in group])}")
    for names in _grouped(by_name, skeleton).values():
        if len(names) > 1:
            group = [client for name in names for client in by_name[name]]
            yield _signal("name_alike", uscc, group, f"名称形近：{_listed([client.name for client in group])}")


def one_character_apart(names: Iterable[str]) -> list[list[str]]:
    """Groups of names in which each differs from another by one character replaced, added or left out.

    The work grows with the number of characters, not with the number of pairs: names meet in what is left of them when
    one character is taken away.
    """
    known = sorted(set(names))
    leader = {name: name for name in known}

    def led_by(name: str) -> str:
        while leader[name] != name:
            leader[name] = leader[leader[name]]
            name = leader[name]
        return name

    met: dict[tuple[int, str], str] = {}
    for name in known:
        for place in range(len(name)):
            rest = name[:place] + name[place + 1 :]
            other = met.setdefault((place, rest), name)
            for near in (other, rest if rest in leader else name):
                leader[led_by(near)] = led_by(name)
    groups = _grouped(known, led_by)
    return [group for group in groups.values() if len(group) > 1]


def _phones_across(clients: Sequence[ListedClient]) -> Iterator[Signal]:
    for phone, group in _by_phone(clients).items():
        usccs = tuple(sorted({client.uscc for client in group}))
        if len(usccs) > 1:
            words = f"{len(usccs)} 家机构的服务对象留同一号码 {masked(phone)}"
            keys = tuple(f"{client.uscc}:{client.key}" for client in group)
            yield Signal("phone_across", usccs, keys, words)


def _bursts(crowded: Iterable[Crowded]) -> Iterator[Signal]:
    for uscc, minutes in _grouped(crowded, lambda one: one.uscc).items():
        fullest = sorted(minutes, key=lambda one: (-one.orders, one.minute))
        told = _listed([f"{one.minute} {one.orders} 笔" for one in fullest])
        yield Signal("order_burst", (uscc,), (), f"店铺有 {len(minutes)} 个一分钟内达到 {BURST_LEAST} 笔订单：{told}")


def _shared_files(files: Iterable[Filed]) -> Iterator[Signal]:
    for group in _grouped(files, lambda filed: filed.sha256).values():
        usccs = tuple(sorted({filed.uscc for filed in group}))
        if len(usccs) > 1:
            names = _listed([f"{filed.uscc} {filed.file}" for filed in group])
            yield Signal("file_shared", usccs, (), f"{len(usccs)} 家机构交了完全相同的附件：{names}")


def _by_phone(clients: Iterable[ListedClient]) -> Mapping[str, list[ListedClient]]:
    groups = _grouped(clients, lambda client: normalised_phone(client.phone))
    groups.pop("", None)
    return groups


def _grouped(items: Iterable[Item], key: Callable[[Item], Key]) -> dict[Key, list[Item]]:
    groups: dict[Key, list[Item]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups


def _signal(code: str, uscc: str, group: Sequence[ListedClient], words: str) -> Signal:
    keys = tuple(client.key for client in group)
    return Signal(code, (uscc,), keys, f"{words}（{_listed(keys)}）")


def _listed(texts: Sequence[str]) -> str:
    shown = "、".join(texts[:_NAMED])
    return shown if len(texts) <= _NAMED else f"{shown} 等 {len(texts)} 个"
