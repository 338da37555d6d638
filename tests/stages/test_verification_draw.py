"""From the seed to the draw: lists frozen as handed in, drawn as anybody can draw again, drawn anew with a reason."""

import csv
import io
import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ceping.core.report import distinct_clients
from ceping.core.verification import draw_order
from ceping.folder.drawing import Size
from ceping.folder.season import read_season
from ceping.ground.journal.models import Entry as Line
from ceping.ground.people.access import NotAllowed, Refused
from ceping.stages.report.queries import last_submission, report_in
from ceping.stages.scheme.models import Season
from ceping.stages.verification.actions import (
    authorise_comparison,
    draw_clients,
    freeze_frame,
    record_seed,
    redraw_clients,
    withdraw_authorisation,
)
from ceping.stages.verification.models import Attempt, Client, Draw, Drawn, Frame, Survey
from ceping.stages.verification.queries import draw_in_force, draw_terms_of, signals_of, tables_of
from ceping.stages.verification.states import SurveyState
from tests.factories.survey import MORNING, SEED, call, calling, field

pytestmark = pytest.mark.django_db


def test_the_seed_is_recorded_before_the_freeze_and_told_with_the_draw() -> None:
    made = field()
    with pytest.raises(NotAllowed, match="verify_not_lead"):
        record_seed(season=made.season, seed=SEED, by=made.here.organiser, at=MORNING)
    for poor in ("", "  ", "a\x00b", "长" * 201):
        with pytest.raises(Refused, match="verify_seed_wanted"):
            record_seed(season=made.season, seed=poor, by=made.lead, at=MORNING)
    survey = record_seed(season=made.season, seed=f" {SEED} ", by=made.lead, at=MORNING)
    with pytest.raises(Refused, match="verify_seed_recorded"):
        record_seed(season=made.season, seed="另一个", by=made.lead, at=MORNING)
    assert Season.objects.get().seeds["clients"] == SEED
    assert all(SEED not in json.dumps(one.body, ensure_ascii=False) for one in Line.objects.all())
    freeze_frame(survey=survey, by=made.lead, at=MORNING)
    draw_clients(survey=survey, by=made.lead, at=MORNING)
    assert Line.objects.get(act="draw_clients").body["seed"] == SEED


def test_a_list_is_frozen_as_it_was_handed_in() -> None:
    made = field()
    survey = record_seed(season=made.season, seed=SEED, by=made.lead, at=MORNING)
    frozen = freeze_frame(survey=survey, by=made.lead, at=MORNING)
    submission = last_submission(made.entries[0])
    assert submission is not None
    listed = [row["name"] for row in distinct_clients(report_in(submission.report))]
    clients = list(Client.objects.order_by("key"))
    assert [one.told("name") for one in clients] == listed
    assert [one.key for one in clients] == [f"C{place:04d}" for place in range(1, len(listed) + 1)]
    assert (frozen.state, Frame.objects.get().count) == (SurveyState.FROZEN, len(listed))
    assert len(frozen.frame_sha256) == 64
    with pytest.raises(NotAllowed, match="verify_state"):
        freeze_frame(survey=survey, by=made.lead, at=MORNING)


def test_nobody_put_forward_is_nothing_to_freeze() -> None:
    made = field()
    made.entries[0].state = "submitted"
    made.entries[0].save()
    survey = record_seed(season=made.season, seed=SEED, by=made.lead, at=MORNING)
    with pytest.raises(Refused, match="verify_nobody"):
        freeze_frame(survey=survey, by=made.lead, at=MORNING)
    assert Survey.objects.get().state == SurveyState.SEEDED


def test_the_draw_is_the_order_of_the_hashes() -> None:
    made = calling(2)
    keys = list(Client.objects.filter(frame=made.frame).values_list("key", flat=True))
    places = Drawn.objects.filter(frame=made.frame).select_related("client").order_by("position")
    assert [one.client.key for one in places] == draw_order(seed=SEED, uscc=made.here.institution.uscc, keys=keys)
    assert [one.role for one in places] == ["sample"] * 35 + ["reserve"] * (len(keys) - 35)


def test_sizes_and_strata_are_declared_and_bounded() -> None:
    made = field()
    survey = record_seed(season=made.season, seed=SEED, by=made.lead, at=MORNING)
    freeze_frame(survey=survey, by=made.lead, at=MORNING)
    for wrong in ({"size": Size("fixed", 0)}, {"size": Size("fixed", 100_001)}, {"strata": "phone"}):
        with pytest.raises(Refused, match="verify_s"):
            draw_clients(survey=survey, by=made.lead, at=MORNING, **wrong)
    draw = draw_clients(survey=survey, size=Size("formula"), strata="service", by=made.lead, at=MORNING)
    assert draw_terms_of(made.season) == {"size": "formula", "margin": "0.1", "share": "0.5", "strata": "service"}
    assert draw.record["strata"] == "service"
    assert {one.stratum for one in Drawn.objects.all()} > {""} or Drawn.objects.exclude(stratum="").exists()


def season_folder(folder: Path) -> Path:
    """What a stranger is given: season.toml and the tables."""
    season = Season.objects.select_related("scheme").get()
    lines = [
        "format = 1",
        f'scheme = "{season.scheme}"',
        f'scheme_sha256 = "{season.scheme.sha256}"',
        'title = "t"',
        "from = 2021-01-01",
        "to = 2021-12-31",
        "[seeds]",
        f'clients = "{season.seeds["clients"]}"',
    ]
    (folder / "season.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for name, rows in tables_of(season).items():
        text = io.StringIO()
        writer = csv.DictWriter(text, list(rows[0]) if rows else ["uscc"], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        (folder / name).write_text(text.getvalue(), encoding="utf-8")
    return folder


def test_a_stranger_draws_the_same(tmp_path: Path) -> None:
    made = calling(2)
    draw = draw_in_force(made.survey)
    assert draw is not None
    folder = season_folder(tmp_path)
    (tmp_path.parent / "draw-clients.json").write_text(json.dumps(draw.record, ensure_ascii=False), encoding="utf-8")
    (tmp_path.parent / "draw-clients.csv").write_text(draw.lines, encoding="utf-8")
    from ceping.cli.main import app  # noqa: PLC0415 -- the command line starts slowly

    told = CliRunner().invoke(app, ["draw", "verify", str(tmp_path.parent / "draw-clients.json"), str(folder)])
    assert told.exit_code == 0, told.output
    page = Path("docs/how-to/redo-a-draw.md").read_text(encoding="utf-8")
    script = tmp_path.parent / "redo-clients.py"
    script.write_text(page.split("```python\n")[1].split("```")[0], encoding="utf-8")
    files = [folder / "clients.csv", tmp_path.parent / "draw-clients.json", tmp_path.parent / "draw-clients.csv"]
    done = subprocess.run([sys.executable, script, *files], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "equal"), done.stderr


def test_the_folder_finds_nothing_wrong_with_its_tables(tmp_path: Path) -> None:
    made = calling(2)
    at = MORNING
    for position, outcome in ((1, "10"), (2, "40"), (3, "20"), (4, "13"), (36, "12"), (37, "30")):
        call(made, Drawn.objects.get(frame=made.frame, position=position).client, outcome, at=at)
    folder = season_folder(tmp_path)
    rows = ["uscc,name,category"]
    for entry in made.entries:
        submission = last_submission(entry)
        assert submission is not None
        own = folder / "institutions" / entry.institution.uscc
        own.mkdir(parents=True)
        (own / "report.json").write_text(json.dumps(submission.report, ensure_ascii=False), encoding="utf-8")
        rows.append(f"{entry.institution.uscc},{entry.institution.name},{submission.category}")
    (folder / "institutions.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    season, faults = read_season(folder, allow_missing=True)
    assert season is not None
    own_files = {"clients.csv", "calls.csv"}
    assert [one.message() for one in faults.findings if one.file in own_files and one.level == "error"] == []
    (first, _) = sorted(season.entries, key=lambda one: one.uscc != made.here.institution.uscc)
    assert first.draw is not None
    assert len(first.draw.sample) == 35
    assert sum(len(calls) for calls in first.calls.values()) == 6


def test_a_redraw_keeps_the_old_one_and_what_was_called() -> None:
    made = calling()
    old = draw_in_force(made.survey)
    assert old is not None
    first = Drawn.objects.get(draw=old, position=1).client
    call(made, first)
    before = list(old.drawn.values_list("client", "position"))
    at = MORNING + timedelta(hours=1)
    for wrong, code in (({"reason": ""}, "reason"), ({"seed": SEED, "reason": "换"}, "seed_used")):
        with pytest.raises(Refused, match=f"verify_{code}"):
            redraw_clients(**{"survey": made.survey, "seed": "新", "by": made.lead, "at": at} | wrong)
    new = redraw_clients(survey=made.survey, seed="第二个种子", reason="名单更正后重抽", by=made.lead, at=at)
    assert list(Draw.objects.get(pk=old.pk).drawn.values_list("client", "position")) == before
    assert (draw_in_force(made.survey), new.number, Attempt.objects.count()) == (new, 2, 1)
    assert Season.objects.get().seeds["clients"] == "第二个种子"
    line = Line.objects.get(act="redraw_clients")
    assert (line.reason, line.body["seed"]) == ("名单更正后重抽", "第二个种子")
    # The call counts where its client was drawn again, and stays in the records where not.
    place = new.drawn.get(client=first)
    assert len(tables_of(made.season)["calls.csv"]) == (place.role == "sample")


def test_lists_are_compared_only_where_the_organiser_allows_it() -> None:
    made = calling(2)
    assert not any(one["code"] == "phone_across" for one in signals_of(made.survey))
    allow = {"survey": made.survey, "document": "沪经信企〔2022〕1 号", "reason": "核查串通", "at": MORNING}
    with pytest.raises(NotAllowed, match="verify_not_organiser"):
        authorise_comparison(by=made.lead, **allow)
    with pytest.raises(Refused, match="verify_reason_wanted"):
        authorise_comparison(by=made.here.organiser, **allow | {"reason": " "})
    authorise_comparison(by=made.here.organiser, **allow)
    across = [one for one in signals_of(made.survey) if one["code"] == "phone_across"]
    assert across, "both lists are of the same factory"
    assert all("****" in str(one["words"]) for one in across)
    withdraw_authorisation(survey=made.survey, reason="核查结束", by=made.here.organiser, at=MORNING)
    assert not any(one["code"] == "phone_across" for one in signals_of(made.survey))
    acts = Line.objects.filter(act__contains="authoris").values_list("act", "reason", "role")
    assert list(acts.order_by("number")) == [
        ("authorise_comparison", "核查串通", "organiser"),
        ("withdraw_authorisation", "核查结束", "organiser"),
    ]
