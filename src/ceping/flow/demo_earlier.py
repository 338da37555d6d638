"""An earlier demo season, published: its notice, an objection answered, the result, certificates and packages.

Opened with the others and filled by a worker: it takes some seconds that nobody waits for.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from ceping.core.scheme.loading import Scheme
from ceping.flow import demo_results
from ceping.flow import publication as publishing
from ceping.flow.demo_judged import call, judge
from ceping.flow.demo_people import Cast, cast_again, one_who_left
from ceping.flow.demo_second import batch, fill_batch, open_batch
from ceping.flow.results import sign_first, sign_second
from ceping.ground.people.models import User
from ceping.stages.publication.actions import (
    NoticeAsked,
    ObjectionGiven,
    ReleaseAsked,
    file_objection,
    propose_notice,
    propose_release,
)
from ceping.stages.publication.models import Notice, Release
from ceping.stages.publication.queries import closes_at
from ceping.stages.results.models import Computation
from ceping.stages.results.queries import current_of
from ceping.stages.results.tasks import ask_to_compute, compute
from ceping.stages.scheme.models import SchemeVersion, Season
from ceping.stages.scheme.queries import rules_of
from ceping.stages.scheme.states import SeasonState

TITLE = "2021年上海市中小企业服务质量第三方测评·试点批次（示范）"
# Numbers that no other demo season reaches; so long ago its evaluation ended.
FIRST, COUNT, DAYS_AGO = 901, 6, 45
_LOCK = "demo.earlier"


def open_earlier(cast: Cast, scheme: Scheme, version: SchemeVersion, *, at: datetime) -> Season:
    """The season is there, in preparation until a worker comes to it."""
    return open_batch(cast, scheme, version, title=TITLE, at=at - timedelta(days=DAYS_AGO))


def fill_earlier(*, at: datetime) -> Release | None:
    """The season is published, all of it or nothing; None when it is already, or there is none."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [_LOCK])
        season = Season.objects.select_related("scheme").filter(title=TITLE, state=SeasonState.DRAFT).first()
        if season is None:
            return None
        then, cast, scheme = at - timedelta(days=DAYS_AGO), cast_again(), rules_of(season)
        second = fill_batch(cast, scheme, season, batch(scheme, COUNT, first=FIRST), at=then)
        lead, numbers = cast.staff["lead-1"], iter(range(1, 100))

        def somebody(name: str) -> User:
            return one_who_left(name, next(numbers), at=then)

        judge(second, scheme, lead=lead, somebody=somebody, at=then)
        call(second, scheme, lead=lead, caller=cast.staff["verifier-1"], at=then)
        demo_results.fill(cast=cast, season=second.season, members=second.members, at=then)
        _sign(second.season, cast, then + timedelta(days=1))
        notice = _notice(season, cast, then + timedelta(days=3))
        return _publish(season, cast, notice)


def _sign(season: Season, cast: Cast, at: datetime) -> None:
    lead = cast.staff["lead-1"]
    job = ask_to_compute(season=season, allow_missing=False, by=lead, at=at)
    compute(job.token)
    made = current_of(season)
    if made is None:
        job.refresh_from_db()
        raise ValueError(job.findings)
    Computation.objects.filter(pk=made.pk).update(computed_at=at)
    sign_first(computation=made, by=lead, at=at + timedelta(hours=2))
    sign_second(computation=made, by=cast.organiser, at=at + timedelta(hours=26))


def _notice(season: Season, cast: Cast, at: datetime) -> Notice:
    asked = NoticeAsked(
        issuer=rules_of(season).header.authority,
        channel="中小企业服务处，上海市示范路 1 号，电话 021-55001234（示范）",
        starts_on=timezone.localtime(at).date() + timedelta(days=1),
        working_days=5,
        answer_days=15,
        columns=("order", "name", "category", "recommender", "total", "grade"),
        url=settings.SITE_URL + reverse("public:check"),
    )
    made = propose_notice(season=season, asked=asked, by=cast.organiser, at=at)
    out = publishing.publish_notice(notice=made, by=cast.staff["organiser-2"], at=at + timedelta(hours=2))
    given = ObjectionGiven(None, "示范来信人", "021-55005678", "名单里一家机构的申报类别与其主要业务不符，请核实。")
    asked_at = at + timedelta(days=2)
    objection, _ = file_objection(notice=out, given=given, arrived=[], by=None, institution=None, at=asked_at)
    answer = "申报类别由机构在可选的类别中自定、推荐单位已审核，来信没有附证据。"
    publishing.take_objection(
        objection=objection, accept=False, reason=answer, by=cast.organiser, at=asked_at + timedelta(days=1)
    )
    return out


def _publish(season: Season, cast: Cast, notice: Notice) -> Release:
    at = closes_at(notice) + timedelta(hours=9)
    asked = ReleaseAsked(notice.issuer, timezone.localtime(at).date(), settings.SITE_URL + reverse("public:check"))
    made = propose_release(season=season, asked=asked, by=cast.organiser, at=at)
    return publishing.publish_release(release=made, by=cast.staff["organiser-2"], at=at + timedelta(hours=1))
