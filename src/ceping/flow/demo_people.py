"""The people of the demo: one or more of every role, none with a password, each entered by one click in demo mode."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.contrib.auth.hashers import make_password

from ceping.core.phone import normalised
from ceping.folder.demo import words
from ceping.folder.demo.cast import Member
from ceping.folder.demo.chance import Chance
from ceping.ground.journal.actions import record
from ceping.ground.people.actions import grant_role
from ceping.ground.people.invitations import accept_invitation, invite_first
from ceping.ground.people.models import Area, Claim, Institution, User
from ceping.ground.people.roles import Role
from ceping.ground.people.sealing import blind_index

# Login names of the staff; the numbers of their phones lie apart from those of institutions and clients.
_STAFF = (
    ("organiser-1", "沈佳宁", Role.ORGANISER),
    ("organiser-2", "顾文涛", Role.ORGANISER),
    ("lead-1", "陆思远", Role.LEAD),
    ("assessor-1", "方静", Role.ASSESSOR),
    ("assessor-2", "蒋宏伟", Role.ASSESSOR),
    ("assessor-3", "姚晨", Role.ASSESSOR),
    ("verifier-1", "许玉洁", Role.VERIFIER),
    ("verifier-2", "袁明", Role.VERIFIER),
    ("operator-1", "施红", Role.OPERATOR),
    ("system-1", "金磊", Role.SYSTEM_ADMIN),
    ("security-1", "潘勇", Role.SECURITY_OFFICER),
    ("auditor-1", "严萍", Role.AUDITOR),
    ("enterprise-1", "龚超", Role.ENTERPRISE),
    ("personal-1", "尹琪", Role.PERSONAL),
)
_REASON = "示范数据"
_STAFF_PHONES, _RECOMMENDER_PHONES, _MEMBER_PHONES, _EARLIER_PHONES, _BUYER_PHONES = (
    110_000,
    111_000,
    112_000,
    113_000,
    114_000,
)


@dataclass(frozen=True, slots=True)
class Cast:
    """Staff by login name, areas and their recommenders in the order of the scheme's list."""

    staff: dict[str, User]
    areas: list[Area]
    recommenders: list[User]

    @property
    def organiser(self) -> User:
        """The first of two."""
        return self.staff["organiser-1"]


def make_cast(recommenders: Sequence[str], *, at: datetime) -> Cast:
    """Areas, a recommender for each, and staff of every role."""
    areas = Area.objects.bulk_create(
        Area(
            code=f"area-{number:02d}",
            name=name,
            kind="district" if name.endswith("区") else "association",
            order=number,
        )
        for number, name in enumerate(recommenders, start=1)
    )
    staff = {login: _user(login, name, _STAFF_PHONES + number, at) for number, (login, name, _) in enumerate(_STAFF)}
    helpers = [
        _user(
            f"recommender-{number:02d}",
            words.person(Chance(7, "recommender", number)),
            _RECOMMENDER_PHONES + number,
            at,
        )
        for number in range(1, len(areas) + 1)
    ]
    User.objects.bulk_create([*staff.values(), *helpers])
    officer = staff["security-1"]
    # As on any machine: the first officer by a link made there, everybody else by the officer.
    first = invite_first(role=Role.SECURITY_OFFICER, login="security-0", at=at)
    accept_invitation(token=first.token, who=officer, at=at)
    for login, _, role in _STAFF:
        if role is not Role.SECURITY_OFFICER:
            grant_role(user=staff[login], role=role, by=officer, at=at, reason=_REASON)
    for user, area in zip(helpers, areas, strict=True):
        grant_role(user=user, role=Role.RECOMMENDER, area=area, by=officer, at=at, reason=_REASON)
    return Cast(staff, areas, helpers)


def cast_again() -> Cast:
    """The cast as it was made, out of the database."""
    staff = {login for login, _, _ in _STAFF}
    people = User.objects.filter(demo=True).order_by("login")
    return Cast(
        {one.login: one for one in people if one.login in staff},
        list(Area.objects.filter(code__startswith="area-").order_by("order")),
        [one for one in people if one.login.startswith("recommender-")],
    )


def one_who_left(name: str, number: int, *, at: datetime) -> User:
    """Somebody who once judged and has no account to enter any more."""
    user = _user(f"earlier-{number:02d}", name, _EARLIER_PHONES + number, at)
    user.is_active = False
    user.save()
    return user


def one_who_buys(name: str, number: int, role: Role, *, by: User, at: datetime) -> User:
    """Somebody who bought in shops and has no account to enter."""
    user = _user(f"buyer-{number:02d}", name, _BUYER_PHONES + number, at)
    user.save()
    grant_role(user=user, role=role, by=by, at=at, reason=_REASON)
    user.is_active = False
    user.save(update_fields=["is_active"])
    return user


def join(
    cast: Cast, everybody: Sequence[Member], contacts: Sequence[str], *, at: datetime
) -> list[tuple[Institution, User]]:
    """Every member with the person who writes for it, in the order given; `contacts` are their names."""
    area_by_name = {area.name: area for area in cast.areas}
    institutions = Institution.objects.bulk_create(
        Institution(
            uscc=member.uscc,
            name=member.name,
            name_key=member.name.encode("gb18030"),
            area=area_by_name[member.recommender],
            office_phone=f"021-5500{member.number:04d}",
            fax=f"021-5501{member.number:04d}",
            created_at=at,
        )
        for member in everybody
    )
    users = User.objects.bulk_create(
        _user(f"institution-{member.number:02d}", name, _MEMBER_PHONES + member.number, at)
        for member, name in zip(everybody, contacts, strict=True)
    )
    officer = cast.staff["security-1"]
    for user, one in zip(users, institutions, strict=True):
        grant_role(user=user, role=Role.INSTITUTION, institution=one, main=True, by=officer, at=at, reason=_REASON)
    return list(zip(institutions, users, strict=True))


def claim(institution: Institution, *, at: datetime) -> Claim:
    """A second person says they speak for the institution: held until somebody decides."""
    user = _user("claimant-1", "毛建平", _MEMBER_PHONES + 999, at)
    user.save()
    made = Claim.objects.create(
        institution=institution, user=user, reason="原联系人已离职，由我接手本年度申报。", claimed_at=at
    )
    record("claim_institution", by=user, at=at, about=("institution", institution.pk), body={"claim": made.pk})
    return made


def _user(login: str, name: str, phone: int, at: datetime) -> User:
    number = words.mobile(phone)
    return User(
        login=login,
        name=name,
        email=f"{login}@example.com",
        phone=number,
        phone_index=blind_index(normalised(number), kind="phone"),
        password=_nobody_knows(),
        demo=True,
        created_at=at,
    )


@cache
def _nobody_knows() -> str:
    """No password at all: the mark Django itself sets, which nothing typed ever equals."""
    return make_password(None)
