"""A season under evaluation whose clients are verified: reports handed in and put forward, a lead, two verifiers."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from testbed.scene import Scene, an_institution, fill, person, scene

from ceping.folder.demo.words import credit_code
from ceping.ground.people.models import User
from ceping.ground.people.roles import Role
from ceping.stages.report.actions import submit_report
from ceping.stages.report.models import Entry
from ceping.stages.report.queries import findings_for
from ceping.stages.report.states import EntryState
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.states import SeasonState
from ceping.stages.verification.actions import (
    Heard,
    draw_clients,
    freeze_frame,
    hand_out,
    record_attempt,
    record_seed,
)
from ceping.stages.verification.models import Client, Frame, Survey
from tests.factories.report import complete_report

# A Thursday, ten in the morning in Shanghai.
MORNING = datetime(2022, 3, 10, 2, 0, tzinfo=UTC)
AFTERNOON, EVENING = MORNING + timedelta(hours=4), MORNING + timedelta(hours=6, minutes=30)
SEED = "20220310-摇号-0731"
ANSWERS = {"q_served": "yes", "q_service": "same", "q_satisfaction": "5"}


@dataclass(frozen=True, slots=True)
class Field:
    """Who and what a test of verification finds."""

    here: Scene
    season: Season
    entries: list[Entry]
    lead: User
    verifier: User
    colleague: User

    @property
    def survey(self) -> Survey:
        """As it stands now."""
        return Survey.objects.select_related("season__scheme").get(season=self.season)

    @property
    def frame(self) -> Frame:
        """The first entry's list."""
        return Frame.objects.select_related("survey__season__scheme").get(entry=self.entries[0])

    def client(self, key: str, entry: int = 0) -> Client:
        """A client by its key."""
        return Client.objects.select_related("frame").get(frame__entry=self.entries[entry], key=key)


def field(count: int = 1) -> Field:
    """The season under evaluation with so many entries put forward; nothing of the verification has begun."""
    here = scene()
    entries = [here.entry]
    for number in range(2, count + 1):
        code = credit_code(number, "startup")
        other = an_institution(f"上海第{number}家企业服务有限公司", code, here.area)
        person(f"第{number}家", Role.INSTITUTION, institution=other, main=True)
        made = {"created_at": MORNING - timedelta(days=9), "changed_at": MORNING - timedelta(days=9)}
        entries.append(Entry.objects.create(season=here.season, institution=other, **made))
    for entry in entries:
        _submit(entry, MORNING - timedelta(days=7))
    Entry.objects.update(state=EntryState.PUT_FORWARD)
    Season.objects.update(state=SeasonState.EVALUATING)
    return Field(
        here=here,
        season=Season.objects.select_related("scheme").get(pk=here.season.pk),
        entries=list(Entry.objects.select_related("season__scheme", "institution__area").order_by("pk")),
        lead=person("陆负责", Role.LEAD),
        verifier=person("许核验", Role.VERIFIER),
        colleague=person("袁核验", Role.VERIFIER),
    )


def calling(count: int = 1) -> Field:
    """Lists frozen, drawn and all handed to the first verifier."""
    made = field(count)
    at = MORNING - timedelta(days=2)
    survey = record_seed(season=made.season, seed=SEED, by=made.lead, at=at)
    survey = freeze_frame(survey=survey, by=made.lead, at=at)
    draw_clients(survey=survey, by=made.lead, at=at)
    hand_out(survey=survey, verifiers=[made.verifier], by=made.lead, at=at)
    return made


def call(made: Field, client: Client, disposition: str = "10", *, at: datetime = MORNING, **more: object) -> object:
    """One call as the verifier records it; a full answer unless told otherwise."""
    answers = ANSWERS if disposition == "10" else {}
    fresh = Client.objects.get(pk=client.pk)
    return record_attempt(
        client=fresh,
        key=uuid4(),
        heard=Heard(disposition, answers),
        revision=fresh.revision,
        by=made.verifier,
        at=at,
        **more,  # type: ignore[arg-type]
    )


def _submit(entry: Entry, at: datetime) -> None:
    writer = entry.institution.grants.get().user
    entry = Entry.objects.select_related("season__scheme", "institution__area").get(pk=entry.pk)
    fill(entry, complete_report(uscc=entry.institution.uscc, name=entry.institution.name), writer)
    asked = [(one.code, one.place) for one in findings_for(entry) if one.level == "warning"]
    chosen = entry.answers.get(field="categories").value[0]
    submit_report(entry=entry, key=uuid4(), category=chosen, let_stand=asked, by=writer, at=at)
