"""A season with people in it, for tests: the shipped scheme published by two, a district, an institution, staff."""

import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from ceping.core.scheme.shipped import FILE_NAMES, folder_of
from ceping.ground.files.models import Blob, File
from ceping.ground.people.models import Area, Grant, Institution, User
from ceping.ground.people.roles import Role
from ceping.stages.report.models import Answer, Attachment, Entry, Row
from ceping.stages.report.queries import COMMITMENT
from ceping.stages.scheme import actions
from ceping.stages.scheme.models import SchemeVersion, Season
from ceping.stages.scheme.states import PhaseKind

START = datetime(2022, 1, 4, 1, 0, tzinfo=UTC)
FILING = (datetime(2022, 3, 1, tzinfo=UTC), datetime(2022, 3, 31, 9, 0, tzinfo=UTC))
RECOMMENDING = (datetime(2022, 3, 1, tzinfo=UTC), datetime(2022, 4, 15, 9, 0, tzinfo=UTC))
USCC = "91310115MA1K4T7Q5X"


@dataclass(frozen=True, slots=True)
class Scene:
    """Who and what a test finds; Bob is of another institution elsewhere, and a stranger to all of Alice's."""

    season: Season
    area: Area
    elsewhere: Area
    institution: Institution
    other: Institution
    entry: Entry
    alice: User
    bob: User
    district: User
    organiser: User
    second: User


def scene() -> Scene:
    """The scene, new in the database."""
    organiser, second = person("张主办", Role.ORGANISER), person("李主办", Role.ORGANISER)
    area = Area.objects.create(code="pudong", name="浦东新区", kind="district", order=1)
    elsewhere = Area.objects.create(code="minhang", name="闵行区", kind="district", order=2)
    institution, other = (
        an_institution("上海启衡企业管理咨询有限公司", USCC, area),
        an_institution("上海另一家科技服务有限公司", "91310000MA1FL0AB1X", elsewhere),
    )
    season = Season.objects.select_related("scheme").get(pk=_season(organiser, second).pk)
    entry = Entry.objects.create(season=season, institution=institution, created_at=START, changed_at=START)
    return Scene(
        season=season,
        area=area,
        elsewhere=elsewhere,
        institution=institution,
        other=other,
        entry=entry,
        alice=person("陈文静", Role.INSTITUTION, institution=institution, main=True),
        bob=person("周别处", Role.INSTITUTION, institution=other, main=True),
        district=person("王区里", Role.RECOMMENDER, area=area),
        organiser=organiser,
        second=second,
    )


def person(
    name: str, role: Role, *, institution: Institution | None = None, area: Area | None = None, main: bool = False
) -> User:
    """Somebody with one role."""
    user = User.objects.create(login=f"user{User.objects.count() + 1}", name=name, created_at=START)
    Grant.objects.create(user=user, role=role, institution=institution, area=area, main=main, granted_at=START)
    return user


def an_institution(name: str, uscc: str, area: Area) -> Institution:
    """An institution in an area."""
    return Institution.objects.create(name=name, uscc=uscc, area=area, created_at=START)


def shipped_files(name: str = "shanghai-2021") -> dict[str, str]:
    """The files of a shipped scheme as text."""
    folder = folder_of(name)
    assert folder is not None
    return {file: (folder / file).read_text(encoding="utf-8") for file in FILE_NAMES if (folder / file).is_file()}


def fill(entry: Entry, data: dict[str, Any], by: User) -> None:
    """The entry's draft is that of a report.json; the bytes of its files are not stored, only named."""
    answers, tables = dict(data["answers"]), data["tables"]
    if "commitment" in data:
        answers[COMMITMENT] = data["commitment"]
    Answer.objects.bulk_create(
        Answer(entry=entry, field=field, value=value, changed_by=by, changed_at=START)
        for field, value in answers.items()
    )
    Row.objects.bulk_create(
        Row(entry=entry, table=table, position=number, values=values, changed_by=by, changed_at=START)
        for table, rows in tables.items()
        for number, values in enumerate(rows, start=1)
    )
    for given in data["attachments"]:
        blob, _ = Blob.objects.get_or_create(
            sha256=given["sha256"], defaults={"size": 1, "kind": "image/jpeg", "stored_at": START}
        )
        file = File.objects.create(
            token=secrets.token_hex(16), blob=blob, name=given["file"], purpose="evidence", given_by=by, given_at=START
        )
        Attachment.objects.create(
            entry=entry, file=file, item=given["item"], name=given["file"], added_by=by, added_at=START
        )


def _season(organiser: User, second: User) -> Season:
    version: SchemeVersion = actions.draft_version(files=shipped_files(), by=organiser, at=START)
    actions.propose_version(version=version, by=organiser, at=START)
    version = actions.publish_version(version=version, by=second, at=START)
    season = actions.open_season(
        title="2021年中小企业服务质量第三方测评",
        version=version,
        period=(date(2021, 1, 1), date(2021, 12, 31)),
        phases={PhaseKind.FILING: FILING, PhaseKind.RECOMMENDING: RECOMMENDING},
        by=organiser,
        at=START,
    )
    return actions.advance_season(season=season, by=organiser, at=START)
