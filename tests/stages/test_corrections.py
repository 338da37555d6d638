"""A frozen result corrected: for named institutions alone, signed by two again, the former one for ever as it was."""

from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction
from testbed.evaluated import NOW, Evaluated, computed, season_of

from ceping.flow.results import drop_correction, open_correction, send_back, sign_first, sign_second
from ceping.ground.journal.models import Entry as Act
from ceping.ground.people.access import NotAllowed, Refused
from ceping.stages.assessment.actions import change_mark
from ceping.stages.assessment.actions.typed import Typed
from ceping.stages.assessment.models import Mark
from ceping.stages.assessment.states import MarkState
from ceping.stages.report.models import Entry
from ceping.stages.results.actions import propose_ruling, supply_table
from ceping.stages.results.models import Computation, Correction
from ceping.stages.results.queries import (
    RESULTS,
    changes_in,
    frozen_of,
    inputs_sha256,
    open_correction_of,
    path_of,
    said_in,
    versions_of,
)
from ceping.stages.results.states import ComputationState, CorrectionState, Effect, RulingKind, SuppliedKind
from ceping.stages.results.tasks import ask_to_compute
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import evaluation_open
from ceping.stages.scheme.states import SeasonState

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def frozen(found: Evaluated, state: SeasonState = SeasonState.NOTICE) -> Computation:
    """The first result, signed by both; the season stands where publication left it."""
    made = sign_second(
        computation=sign_first(computation=computed(found), by=found.lead, at=NOW), by=found.cast.organiser, at=NOW
    )
    Season.objects.filter(pk=made.season_id).update(state=state)
    return made


def opened(found: Evaluated, *entries: Entry) -> Correction:
    return open_correction(season=season_of(found), entries=entries, reason="异议成立", by=found.cast.organiser, at=NOW)


def change_a_mark(entry: Entry) -> None:
    marks = list(Mark.objects.filter(sheet__entry=entry).order_by("item", "pk"))
    one, other = next((a, b) for a, b in pairwise(marks) if a.item == b.item and a.mark != b.mark)
    Mark.objects.filter(pk=other.pk).update(mark=one.mark, reason="复核后改")


def test_a_correction_is_computed_signed_by_two_and_stands_beside_the_first(found: Evaluated) -> None:
    first, entry, organiser = frozen(found), found.second.entries[0], found.cast.organiser
    before = path_of(first, RESULTS).read_bytes()
    told = Computation.objects.filter(pk=first.pk).values().get()
    correction = opened(found, entry)
    assert open_correction_of(season_of(found)) == correction
    change_a_mark(entry)
    second = computed(found)
    assert (second.correction, second.number, second.version) == (correction, first.number + 1, None)
    changes = changes_in(second)
    assert [one.uscc for one in changes if one.named] == [entry.institution.uscc] == [changes[0].uscc]
    assert all(one.before is not None and one.after is not None for one in changes)
    with pytest.raises(NotAllowed):
        sign_second(computation=second, by=organiser, at=NOW)
    sign_first(computation=second, by=found.lead, at=NOW)
    assert season_of(found).state == SeasonState.NOTICE, "publication goes on where it stands"
    sign_second(computation=second, by=organiser, at=NOW)
    versions = versions_of(season_of(found))
    assert [(one.number, one.computation.pk, one.stands) for one in versions] == [
        (2, second.pk, True),
        (1, first.pk, False),
    ]
    assert (versions[0].corrects, versions[1].correction) == (first, None)
    standing = frozen_of(season_of(found))
    assert standing is not None
    assert (standing.pk, standing.version) == (second.pk, 2)
    assert Computation.objects.filter(pk=first.pk).values().get() == told, "the first is untouched"
    assert path_of(first, RESULTS).read_bytes() == before != path_of(second, RESULTS).read_bytes()
    assert Correction.objects.get().state == CorrectionState.DONE
    acts = list(Act.objects.order_by("-pk").values_list("act", flat=True)[:6])
    assert acts == [
        "freeze_results",
        "close_reopened",
        "sign_results_first",
        "compute_results",
        "reopen_evaluation",
        "open_correction",
    ]


def test_the_lead_changes_a_mark_of_who_is_named_and_of_nobody_else(found: Evaluated) -> None:
    frozen(found)
    entries, lead = found.second.entries[:2], found.lead
    named, other = (Mark.objects.filter(sheet__entry=entry, state=MarkState.OPEN).first() for entry in entries)
    assert named is not None
    assert other is not None
    asked = {"typed": Typed("8", "", "复核后改"), "version": 1, "why": "异议成立", "by": lead, "at": NOW}
    with pytest.raises(NotAllowed):
        change_mark(mark=named, **asked)  # type: ignore[arg-type]
    opened(found, entries[0])
    changed = change_mark(mark=named, **(asked | {"version": named.version}))  # type: ignore[arg-type]
    assert (changed.mark, changed.reason) == ("8", "复核后改")
    with pytest.raises(NotAllowed):
        change_mark(mark=other, **(asked | {"version": other.version}))  # type: ignore[arg-type]


def test_only_the_named_are_open_and_only_until_the_lead_signs(found: Evaluated) -> None:
    frozen(found)
    named, other = found.second.entries[:2]
    season = season_of(found)
    assert not evaluation_open(season, named.institution_id)
    opened(found, named)
    assert evaluation_open(season, named.institution_id)
    assert not evaluation_open(season, other.institution_id)
    veto = next(one for one in found.scheme.outcome.vetoes if one.by_decision).id
    asked = {"kind": RulingKind.VETO, "rule": veto, "effect": Effect.REFUSE, "reason": "复核", "at": NOW}
    with pytest.raises(NotAllowed):
        propose_ruling(entry=other, by=found.lead, **asked)  # type: ignore[arg-type]
    propose_ruling(entry=named, by=found.lead, **asked)  # type: ignore[arg-type]
    with pytest.raises(NotAllowed):
        supply_table(season=season, kind=SuppliedKind.SHOPS, arrived=None, form="csv", by=found.lead, at=NOW)  # type: ignore[arg-type]
    change_a_mark(named)
    made = sign_first(computation=computed(found), by=found.lead, at=NOW)
    assert not evaluation_open(season, named.institution_id), "what is signed does not move"
    with pytest.raises(NotAllowed):
        drop_correction(correction=Correction.objects.get(), reason="不改了", by=found.cast.organiser, at=NOW)
    send_back(computation=made, reason="再核一遍", by=found.cast.organiser, at=NOW)
    assert evaluation_open(season, named.institution_id)
    assert season_of(found).state == SeasonState.NOTICE
    again = computed(found)
    sign_second(computation=sign_first(computation=again, by=found.lead, at=NOW), by=found.cast.organiser, at=NOW)
    assert [one.number for one in versions_of(season)] == [2, 1]


def test_what_cannot_be_corrected(found: Evaluated) -> None:
    entry, organiser = found.second.entries[0], found.cast.organiser
    with pytest.raises(NotAllowed):
        opened(found, entry)
    frozen(found, SeasonState.PUBLISHED)
    season = season_of(found)
    with pytest.raises(NotAllowed):
        open_correction(season=season, entries=[entry], reason="异议成立", by=found.lead, at=NOW)
    for entries, reason in (([], "异议成立"), ([entry], "  "), ([Entry(pk=999_999_999)], "异议成立")):
        with pytest.raises(Refused):
            open_correction(season=season, entries=entries, reason=reason, by=organiser, at=NOW)
    with pytest.raises(NotAllowed):
        ask_to_compute(season=season, allow_missing=False, by=found.lead, at=NOW)
    opened(found, entry)
    with pytest.raises(NotAllowed):
        opened(found, entry)
    assert Correction.objects.count() == 1


def test_dropped_only_while_nothing_was_changed_for_it(found: Evaluated) -> None:
    first, entry, organiser = frozen(found), found.second.entries[0], found.cast.organiser
    correction = opened(found, entry)
    with pytest.raises(Refused):
        drop_correction(correction=correction, reason="", by=organiser, at=NOW)
    change_a_mark(entry)
    with pytest.raises(NotAllowed) as refused:
        drop_correction(correction=correction, reason="不改了", by=organiser, at=NOW)
    assert refused.value.findings[0].code == "results_correction_begun"
    assert inputs_sha256(season_of(found)) != first.inputs_sha256


def test_dropped_it_closes_and_another_may_follow(found: Evaluated) -> None:
    first, entry = frozen(found), found.second.entries[0]
    correction = opened(found, entry)
    computed(found)
    drop_correction(correction=correction, reason="异议撤回", by=found.cast.organiser, at=NOW)
    assert not evaluation_open(season_of(found), entry.institution_id)
    assert [one.computation for one in versions_of(season_of(found))] == [first]
    with pytest.raises(NotAllowed):
        sign_first(computation=Computation.objects.latest("pk"), by=found.lead, at=NOW)
    assert opened(found, entry).number == correction.number + 1
    assert said_in(first, RESULTS)["format"] == 1


def test_the_rows_themselves_hold_to_it(found: Evaluated) -> None:
    first = frozen(found)
    for wrong in ({"version": None}, {"version": 2}, {"state": ComputationState.COMPUTED}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Computation.objects.filter(pk=first.pk).update(**wrong)
