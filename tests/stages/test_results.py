"""A season computed from its rows as anybody computes it from its files; signed by two, frozen, sent back."""

from itertools import pairwise
from pathlib import Path

import pytest
from django.db import transaction
from testbed.evaluated import NOW, Evaluated, computed, season_of

from ceping.core.evaluation import evaluate
from ceping.flow.demo_results import csv_arrived
from ceping.flow.results import send_back, sign_first, sign_second
from ceping.folder.evaluation import evaluate_folder
from ceping.folder.season import read_season
from ceping.ground.journal.models import Entry as Act
from ceping.ground.people.access import NotAllowed, Refused
from ceping.ground.work.models import Job, State
from ceping.stages.assessment.models import EvidenceCheck, Mark
from ceping.stages.results.actions import decide_ruling, propose_ruling, supply_table
from ceping.stages.results.models import Computation
from ceping.stages.results.queries import (
    RESULTS,
    SCHEME,
    current_of,
    explained,
    inputs_sha256,
    lines_in,
    path_of,
    said_in,
    write_season,
)
from ceping.stages.results.states import ComputationState, Effect, RulingKind, SuppliedKind
from ceping.stages.results.tasks import ask_to_compute, compute
from ceping.stages.scheme.states import SeasonState

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_the_folder_of_its_rows_gives_the_same_bytes_to_anybody(found: Evaluated, tmp_path: Path) -> None:
    made = computed(found)
    assert made.complete
    folder = write_season(season_of(found), tmp_path)
    season, faults = read_season(folder, scheme_folder=tmp_path / SCHEME)
    assert season is not None
    assert not faults.stops
    done = evaluate_folder(folder, tmp_path / "out", scheme_folder=tmp_path / SCHEME)
    assert done.outcome is not None
    assert (tmp_path / "out" / RESULTS).read_bytes() == path_of(made, RESULTS).read_bytes()
    lines = lines_in(made)
    assert len(lines) == 12
    assert next(one.rank for one in lines if one.rank is not None) == 1
    assert any("附件" in line for line in explained(made, lines[0].uscc))
    assert len(evaluate(season.scheme, season.entries, season.settings).results) == 12


def test_computed_twice_it_says_the_same_and_the_newest_stands(found: Evaluated) -> None:
    first = computed(found)
    second = computed(found)
    first.refresh_from_db()
    assert (first.state, second.number) == (ComputationState.SUPERSEDED, first.number + 1)
    assert (first.results_sha256, first.inputs_sha256) == (second.results_sha256, second.inputs_sha256)


def test_one_changed_mark_changes_the_hash_and_is_not_signed_over(found: Evaluated) -> None:
    made = computed(found)
    marks = list(Mark.objects.filter(sheet__entry=found.second.entries[0]).order_by("item", "pk"))
    one, other = next((a, b) for a, b in pairwise(marks) if a.item == b.item and a.mark != b.mark)
    Mark.objects.filter(pk=other.pk).update(mark=one.mark, reason="复核后改")
    assert inputs_sha256(season_of(found)) != made.inputs_sha256
    with pytest.raises(NotAllowed) as refused:
        sign_first(computation=made, by=found.lead, at=NOW)
    assert refused.value.findings[0].code == "results_inputs_changed"
    assert computed(found).results_sha256 != made.results_sha256


def test_two_sign_in_turn_and_the_season_moves_with_them(found: Evaluated) -> None:
    made = computed(found)
    organiser = found.cast.organiser
    with pytest.raises(NotAllowed):
        sign_second(computation=made, by=organiser, at=NOW)
    with pytest.raises(NotAllowed):
        sign_first(computation=made, by=organiser, at=NOW)
    sign_first(computation=made, by=found.lead, at=NOW)
    assert season_of(found).state == SeasonState.COMPUTED
    with pytest.raises(NotAllowed):
        ask_to_compute(season=season_of(found), allow_missing=False, by=found.lead, at=NOW)
    with pytest.raises(NotAllowed):
        sign_first(computation=made, by=found.lead, at=NOW)
    sign_second(computation=made, by=organiser, at=NOW)
    frozen = Computation.objects.get(pk=made.pk)
    assert (frozen.state, season_of(found).state) == (ComputationState.FROZEN, SeasonState.SIGNED)
    assert said_in(frozen, RESULTS)["format"] == 1
    acts = list(Act.objects.order_by("-pk").values_list("act", flat=True)[:4])
    assert acts == ["move_season", "freeze_results", "move_season", "sign_results_first"]


def test_sent_back_it_opens_again_and_needs_a_reason(found: Evaluated) -> None:
    made = sign_first(computation=computed(found), by=found.lead, at=NOW)
    with pytest.raises(Refused):
        send_back(computation=made, reason=" ", by=found.cast.organiser, at=NOW)
    send_back(computation=made, reason="两家机构的核定值要复核", by=found.cast.organiser, at=NOW)
    assert season_of(found).state == SeasonState.EVALUATING
    again = computed(found)
    assert again.number == made.number + 1
    assert Computation.objects.get(pk=made.pk).state == ComputationState.SUPERSEDED


def test_a_ruling_is_proposed_decided_and_counts(found: Evaluated) -> None:
    entry, organiser = found.second.entries[0], found.cast.organiser
    veto = next(one for one in found.scheme.outcome.vetoes if one.by_decision)
    false = EvidenceCheck.objects.filter(entry=entry).order_by("pk").first()
    assert false is not None
    EvidenceCheck.objects.filter(pk=false.pk).update(
        verdict="false", reason="合同相对方书面否认", confirmed_by=found.lead, confirmed_at=NOW
    )
    before = {one.uscc: one for one in lines_in(computed(found))}[entry.institution.uscc]
    proposal = propose_ruling(
        entry=entry, kind=RulingKind.VETO, rule=veto.id, effect=Effect.VETO, reason="查实虚假", by=found.lead, at=NOW
    )
    with pytest.raises(NotAllowed):
        decide_ruling(ruling=proposal, accepted=True, reason="同意", by=found.lead, at=NOW)
    with pytest.raises(Refused), transaction.atomic():
        decide_ruling(ruling=proposal, accepted=True, reason="", by=organiser, at=NOW)
    assert {one.uscc: one for one in lines_in(computed(found))}[entry.institution.uscc] == before
    decide_ruling(ruling=proposal, accepted=True, reason="同意", by=organiser, at=NOW)
    after = {one.uscc: one for one in lines_in(computed(found))}[entry.institution.uscc]
    assert before.vetoes == ()
    assert after.vetoes
    with pytest.raises(Refused):
        decide_ruling(ruling=proposal, accepted=False, reason="反悔", by=organiser, at=NOW)


def test_a_gap_stops_the_computation_or_is_marked_and_not_signed(found: Evaluated) -> None:
    Mark.objects.filter(sheet__entry=found.second.entries[0]).delete()
    job = ask_to_compute(season=season_of(found), allow_missing=False, by=found.lead, at=NOW)
    compute(job.token)
    ended = Job.objects.get(pk=job.pk)
    assert ended.state == State.FAILED
    assert any("打分" in one["message"] for one in ended.findings)
    made = computed(found, allow_missing=True)
    assert not made.complete
    with pytest.raises(NotAllowed) as refused:
        sign_first(computation=made, by=found.lead, at=NOW)
    assert refused.value.findings[0].code == "results_incomplete"


def test_a_supplied_table_is_read_before_it_counts(found: Evaluated) -> None:
    season = season_of(found)
    wrong = csv_arrived([{"uscc": "1", "shop_id": "s"}], ["uscc", "shop_id"], name="links.csv")
    with pytest.raises(Refused):
        supply_table(season=season, kind=SuppliedKind.LINKS, arrived=wrong, form="csv", by=found.lead, at=NOW)
    with pytest.raises(NotAllowed):
        supply_table(season=season, kind=SuppliedKind.LINKS, arrived=wrong, form="csv", by=found.cast.organiser, at=NOW)


def test_work_called_off_leaves_nothing(found: Evaluated) -> None:
    job = ask_to_compute(season=season_of(found), allow_missing=False, by=found.lead, at=NOW)
    Job.objects.filter(pk=job.pk).update(state=State.CANCELLED)
    compute(job.token)
    assert current_of(season_of(found)) is None
