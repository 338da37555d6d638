"""Draws and assignments: the record is the command's own, redraws keep the old, conflicts and pins are kept."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ceping.cli.main import app
from ceping.ground.people.access import NotAllowed, Refused
from ceping.stages.assessment.actions import (
    Particulars,
    add_assessor,
    assign_by_hand,
    assign_rows,
    clear_conflict,
    declare_conflict,
    detect_conflicts,
    draw_assignments,
    end_assignments,
    remove_assessor,
)
from ceping.stages.assessment.models import Assessor, Assignment, Conflict, Draw, Sheet
from ceping.stages.assessment.queries import found_in, judged_in
from ceping.stages.assessment.queries.folder import tables_of
from ceping.stages.assessment.states import Way
from ceping.stages.report.queries import last_submission
from ceping.stages.scheme.models import Season
from ceping.stages.scheme.queries import rules_of
from tests.factories.assessed import NOON, bench

pytestmark = pytest.mark.django_db
SEED = "20220310-公开摇号-0731"


def test_the_draw_is_what_the_command_draws_from_its_inputs(tmp_path: Path) -> None:
    made = bench(5, 3)
    draw = draw_assignments(season=made.season, seed=SEED, by=made.lead, at=NOON)
    for name, text in draw.inputs.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    out = tmp_path / "draw-assessors.csv"
    told = CliRunner().invoke(app, ["draw", "assessors", str(tmp_path), "--out", str(out)])
    assert told.exit_code == 0, told.output
    record = json.loads(out.with_suffix(".json").read_text(encoding="utf-8"))
    assert record == draw.record
    assert out.read_text(encoding="utf-8") == draw.lines
    items = len(judged_in(rules_of(made.season)))
    standing = Assignment.objects.filter(ended_at=None)
    assert standing.count() == 3 * items * draw.record["per_item"]
    assert Sheet.objects.count() == 3 * draw.record["per_item"]
    assert Season.objects.get().seeds["assessors"] == SEED
    assert tables_of(made.season)["assignments.csv"] == sorted(
        tables_of(made.season)["assignments.csv"], key=lambda row: tuple(row.values())
    )


def test_a_redraw_needs_a_new_seed_and_a_reason_and_keeps_the_old() -> None:
    made = bench(5, 2)
    with pytest.raises(NotAllowed, match="assess_not_lead"):
        draw_assignments(season=made.season, seed=SEED, by=made.field.here.organiser, at=NOON)
    for poor in ("", " ", "a\x00b", "长" * 201):
        with pytest.raises(Refused, match="assess_seed_wanted"):
            draw_assignments(season=made.season, seed=poor, by=made.lead, at=NOON)
    first = draw_assignments(season=made.season, seed=SEED, by=made.lead, at=NOON)
    with pytest.raises(Refused, match="assess_reason_wanted"):
        draw_assignments(season=made.season, seed="另一个", by=made.lead, at=NOON)
    with pytest.raises(Refused, match="assess_seed_used"):
        draw_assignments(season=made.season, seed=SEED, reason="再来", by=made.lead, at=NOON)
    second = draw_assignments(season=made.season, seed="另一个", reason="有专家退出", by=made.lead, at=NOON)
    old = Draw.objects.get(pk=first.pk)
    assert (old.superseded_at, old.lines, second.number) == (NOON, first.lines, 2)
    assert not Assignment.objects.filter(draw=old, ended_at=None).exists()


def test_too_few_assessors_is_told_and_nothing_is_drawn() -> None:
    made = bench(1)
    with pytest.raises(Refused) as refused:
        draw_assignments(season=made.season, seed=SEED, by=made.lead, at=NOON)
    assert all(one.message() for one in refused.value.findings)
    assert not Draw.objects.exists()
    assert "assessors" not in Season.objects.get().seeds


def test_conflicts_are_kept_apart_and_hands_stay() -> None:
    made = bench(5, 2)
    first, second = made.people[:2]
    declare_conflict(assessor=first, entry=made.entry, reason="曾任顾问", by=first.user, at=NOON)
    assign_by_hand(assessor=second, entry=made.entry, items=[], reason="唯一懂行", by=made.lead, at=NOON)
    draw = draw_assignments(season=made.season, seed=SEED, by=made.lead, at=NOON)
    assert draw.record["kept_apart"] == [[first.code, made.entry.institution.uscc, "declared"]]
    assert [one[:2] for one in draw.record["pinned"]] == [[second.code, made.entry.institution.uscc]]
    panel = Assignment.objects.filter(entry=made.entry, ended_at=None)
    assert not panel.filter(assessor=first).exists()
    assert {one.way for one in panel.filter(assessor=second)} == {Way.HAND}


def test_rows_of_a_file_are_taken_whole_or_not_at_all() -> None:
    made = bench(2)
    uscc, code = made.entry.institution.uscc, made.people[0].code
    declare_conflict(assessor=made.people[1], entry=made.entry, reason="亲属", by=made.lead, at=NOON)
    bad = [(uscc, "licence", code), ("91310000000000000X", "x", "A99"), (uscc, "licence", made.people[1].code)]
    given = {"season": made.season, "way": Way.FILE, "reason": "会议纪要", "by": made.lead, "at": NOON}
    with pytest.raises(Refused) as refused:
        assign_rows(rows=bad, **given)  # type: ignore[arg-type]
    codes = [one.code for one in refused.value.findings]
    assert codes == ["assess_row_entry", "assess_row_person", "assess_row_item", "assess_row_conflict"]
    assert not Assignment.objects.exists()
    assert len(assign_rows(rows=bad[:1] * 2, **given)) == 1  # type: ignore[arg-type]
    assert assign_rows(rows=bad[:1], **given) == []  # type: ignore[arg-type]
    assert end_assignments(assessor=made.people[0], entry=made.entry, reason="换人", by=made.lead, at=NOON) == 1


def test_an_employer_among_partners_and_clients_is_asked_about() -> None:
    made = bench(2)
    submission = last_submission(made.entry)
    assert submission is not None
    named = [
        str(value)
        for table in rules_of(made.season).form.tables
        for row in submission.report["tables"].get(table.id, ())
        for column in table.columns
        if column.type == "text" and (value := row.get(column.id)) and "公司" in str(value)
    ]
    told = Particulars(employer=f" {named[0]} ")
    add_assessor(season=made.season, user=made.people[0].user, told=told, by=made.lead, at=NOON)
    twin = Particulars(employer="谁也没有提到的公司")
    add_assessor(season=made.season, user=made.people[1].user, told=twin, by=made.lead, at=NOON)
    (found,) = found_in(made.season)
    assert (found.assessor, found.entry, found.sure) == (made.people[0], made.entry, False)
    assert "列在该机构报告的" in found.why
    assert detect_conflicts(season=made.season, by=made.lead, at=NOON) == [], "a person settles it"


def test_an_employer_is_found_also_of_former_years_and_cleared_by_a_lead() -> None:
    made = bench(2)
    name = made.entry.institution.name
    told = Particulars(employer="华东理工大学", past_employers=[name])
    add_assessor(season=made.season, user=made.people[0].user, told=told, by=made.lead, at=NOON)
    near = Particulars(employer=name.replace("有限公司", ""))
    add_assessor(season=made.season, user=made.people[1].user, told=near, by=made.lead, at=NOON)
    assert sorted(one.sure for one in found_in(made.season)) == [False, True]
    (found,) = detect_conflicts(season=made.season, by=made.lead, at=NOON)
    assert (found.assessor, found.kind) == (made.people[0], "detected")
    assert "三年内曾任职" in found.reason
    assert detect_conflicts(season=made.season, by=made.lead, at=NOON) == []
    clear_conflict(assessor=made.people[0], entry=made.entry, reason="已离职五年", by=made.lead, at=NOON)
    assert [row["kind"] for row in tables_of(made.season)["conflicts.csv"]] == ["cleared"]
    assert Conflict.objects.count() == 2


def test_who_leaves_judges_nothing_more() -> None:
    made = bench(2)
    assign_by_hand(assessor=made.people[0], entry=made.entry, items=[], reason="试", by=made.lead, at=NOON)
    remove_assessor(assessor=made.people[0], reason="出国", by=made.lead, at=NOON)
    assert not Assignment.objects.filter(ended_at=None).exists()
    with pytest.raises(NotAllowed, match="assess_not_assigned"):
        made.mark(
            Assessor.objects.select_related("user", "season__scheme").get(user=made.people[0].user), "licence", "7"
        )
