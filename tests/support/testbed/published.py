"""A frozen result on its way out: the notice by two, an objection, the published result."""

from datetime import UTC, date, datetime, timedelta

from ceping.flow import publication as flow
from ceping.flow.results import sign_first, sign_second
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.stages.assessment.models import Assessor
from ceping.stages.publication.actions import (
    NoticeAsked,
    ObjectionGiven,
    ReleaseAsked,
    file_objection,
    propose_notice,
    propose_release,
)
from ceping.stages.publication.models import Notice, Objection, Release
from ceping.stages.publication.queries import closes_at
from ceping.stages.results.models import Computation
from testbed.evaluated import NOW, Evaluated, computed, season_of
from testbed.scene import person

DAY = date(2022, 3, 11)


def freeze(found: Evaluated) -> Computation:
    """The season computed as it stands and signed by both."""
    first = sign_first(computation=computed(found), by=found.lead, at=NOW)
    return sign_second(computation=first, by=found.cast.organiser, at=NOW)


def asked(**changes: object) -> NoticeAsked:
    """What an organiser says of a notice, with some of it otherwise."""
    told: dict[str, object] = {
        "issuer": "上海市经济和信息化委员会",
        "channel": "中小企业服务处，电话 021-23112111",
        "starts_on": DAY,
        "working_days": 5,
        "answer_days": 15,
        "columns": ("order", "name", "category", "recommender", "total", "grade"),
        "url": "https://ceping.example.org/public/check/",
    }
    return NoticeAsked(**{**told, **changes})  # type: ignore[arg-type]


def noticed(found: Evaluated, second: User) -> Notice:
    """The notice of the frozen result, put out by two."""
    proposed = propose_notice(season=season_of(found), asked=asked(), by=found.cast.organiser, at=NOW)
    return flow.publish_notice(notice=proposed, by=second, at=NOW + timedelta(hours=1))


def objected(notice: Notice, *, at: datetime | None = None, **changes: object) -> tuple[Objection, str]:
    """A stranger's objection, with some of it otherwise."""
    given: dict[str, object] = {"entry": None, "name": "王先生", "contact": "13800001111", "text": "名次有误"}
    return file_objection(
        notice=notice,
        given=ObjectionGiven(**{**given, **changes}),  # type: ignore[arg-type]
        arrived=[],
        by=None,
        institution=None,
        at=at or datetime(2022, 3, 14, 2, tzinfo=UTC),
    )


def free_assessor(found: Evaluated) -> Assessor:
    """An assessor of the season who judged nothing."""
    return Assessor.objects.create(
        season=found.second.season,
        user=person("未参加者", Role.ASSESSOR),
        code="Z99",
        declared_at=NOW,
        added_by=found.lead,
        added_at=NOW,
    )


def released(found: Evaluated, second: User, notice: Notice) -> Release:
    """The result published when its notice is over, by two."""
    after = closes_at(notice)
    proposed = propose_release(
        season=season_of(found),
        asked=ReleaseAsked("上海市经济和信息化委员会", date(2022, 3, 18), "https://ceping.example.org/public/check/"),
        by=found.cast.organiser,
        at=after,
    )
    return flow.publish_release(release=proposed, by=second, at=after + timedelta(hours=1))
