"""How a season's publication stands, in five questions to the database whatever is asked of it afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass

from ceping.stages.publication.models import Notice, Objection, Release
from ceping.stages.publication.states import OVER, NoticeState
from ceping.stages.results.models import Computation, Correction
from ceping.stages.results.queries import frozen_of, open_correction_of
from ceping.stages.scheme.models import Season


@dataclass(frozen=True, slots=True)
class Standing:
    """The frozen result that stands, every notice and release with the newest first, what is open."""

    season: Season
    frozen: Computation | None
    notices: Sequence[Notice]
    releases: Sequence[Release]
    correction: Correction | None
    objections_open: int

    @property
    def out(self) -> Notice | None:
        """The notice that stands."""
        return next((one for one in self.notices if one.state == NoticeState.PUBLISHED), None)

    @property
    def proposed(self) -> Notice | None:
        """The notice that waits for the second person."""
        return next((one for one in self.notices if one.state == NoticeState.PROPOSED), None)

    @property
    def release(self) -> Release | None:
        """The published result that stands."""
        return next((one for one in self.releases if one.state == NoticeState.PUBLISHED), None)

    @property
    def releasing(self) -> Release | None:
        """The one that waits for the second person."""
        return next((one for one in self.releases if one.state == NoticeState.PROPOSED), None)

    def is_newest(self, computation: int) -> bool:
        """Whether that computation, by its key, is the frozen result that stands."""
        return self.frozen is not None and self.frozen.pk == computation


def standing_of(season: Season) -> Standing:
    """As it is now; whoever changes something asks with the season locked."""
    notices = Notice.objects.filter(season=season).select_related(
        "proposed_by", "published_by", "computation", "pdf__blob", "word__blob"
    )
    releases = Release.objects.filter(season=season).select_related("notice", "proposed_by", "published_by", "job")
    waiting = Objection.objects.filter(notice__season=season).exclude(state__in=OVER)
    found = Standing(
        season,
        frozen_of(season),
        list(notices.order_by("-number")),
        list(releases.order_by("-number")),
        open_correction_of(season),
        waiting.count(),
    )
    # One season in memory, with what was already asked of it.
    for one in (*found.notices, *found.releases, *((found.frozen,) if found.frozen is not None else ())):
        one.season = season
    return found
