"""A season whose evaluation is done: the demo's early batch with every mark, verdict, call and supplied table.

Marks and calls are written in bulk, as their own actions are tested elsewhere and 12 institutions have thousands.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ceping.core.scheme.loading import Scheme, load
from ceping.flow import demo_results
from ceping.flow.demo import publish
from ceping.flow.demo_judged import call, judge
from ceping.flow.demo_people import Cast, make_cast
from ceping.flow.demo_second import COUNT, Second, fill_second
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.ground.work.models import Job, State
from ceping.stages.results.models import Computation
from ceping.stages.results.queries import current_of
from ceping.stages.results.tasks import ask_to_compute, compute
from ceping.stages.scheme.models import Season
from testbed.scene import person

NOW = datetime(2022, 3, 10, 2, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Evaluated:
    """The cast, the season with its entries and members, and the scheme."""

    cast: Cast
    second: Second
    scheme: Scheme

    @property
    def lead(self) -> User:
        """The evaluator's lead."""
        return self.cast.staff["lead-1"]


def evaluated(*, at: datetime, count: int = COUNT) -> Evaluated:
    """The season stands ready to be computed, with so many institutions."""
    scheme, _ = load("shanghai-2021")
    assert scheme is not None
    cast = make_cast(scheme.header.recommenders, at=at - timedelta(days=68))
    second = fill_second(cast, scheme, publish(cast, at), at=at, count=count)
    found = Evaluated(cast, second, scheme)
    judge(second, scheme, lead=found.lead, somebody=lambda name: person(name, Role.ASSESSOR), at=at)
    call(second, scheme, lead=found.lead, caller=cast.staff["verifier-1"], at=at)
    demo_results.fill(cast=cast, season=second.season, members=second.members, at=at)
    return found


def season_of(found: Evaluated) -> Season:
    """The season as it stands now."""
    return Season.objects.select_related("scheme").get(pk=found.second.season.pk)


def computed(found: Evaluated, *, allow_missing: bool = False) -> Computation:
    """The season computed by its lead, here and now."""
    job = ask_to_compute(season=season_of(found), allow_missing=allow_missing, by=found.lead, at=NOW)
    compute(job.token)
    ended = Job.objects.get(pk=job.pk)
    assert ended.state == State.DONE, ended.findings[:5]
    made = current_of(season_of(found))
    assert made is not None
    return made
