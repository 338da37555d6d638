"""`ceping draw` as people call it: lines and records, what changed since told, wrong use and bad input answered."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ceping.cli.main import main
from tests.factories.draw_season import USCCS, Season, lines, record


@pytest.fixture
def season(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Season:
    monkeypatch.chdir(tmp_path)
    return Season(tmp_path)


def findings(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[tuple[str, str, str]]]:
    capsys.readouterr()
    code = main(["draw", *arguments, "--json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    return code, [(one["code"], one["file"], one["place"]) for one in found]


def test_clients_are_drawn_and_verified(season: Season, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["draw", "clients", "season", "--seed", "c-1"]) == 0
    assert capsys.readouterr().out == "已写出 draw-clients.csv 和 draw-clients.json\n"
    found = lines("draw-clients.csv")
    assert list(found[0]) == ["uscc", "position", "client_key", "role"]
    assert len(found) == 12 * 47
    first = [row["client_key"] for row in found if row["uscc"] == USCCS[0]]
    keys = [f"C{number:04d}" for number in range(1, 48)]
    assert first == sorted(keys, key=lambda key: hashlib.sha256(f"c-1:{USCCS[0]}:{key}".encode()).hexdigest())
    told = record("draw-clients.json")
    assert (told["clients"], told["sample"], told["reserve"], told["size"]["count"]) == (564, 420, 144, 35)
    assert "13500000000" not in Path("draw-clients.json").read_text(encoding="utf-8")
    assert main(["draw", "verify", "draw-clients.json", str(season.folder)]) == 0
    assert capsys.readouterr().out == "相同：按种子“c-1”重抽，与记录一致。\n"


def test_the_same_call_again_is_no_fault_another_draw_is_not_written_over(season: Season) -> None:
    assert season.folder.is_dir()
    assert main(["draw", "clients", "season"]) == 0
    before = Path("draw-clients.csv").read_bytes()
    assert main(["draw", "clients", "season"]) == 0
    assert main(["draw", "clients", "season", "--size", "3"]) == 2
    assert Path("draw-clients.csv").read_bytes() == before


@pytest.mark.parametrize(
    ("size", "count"),
    [("all", 47), ("10", 10), ("999", 47), ("formula", 32)],
)
def test_sizes(season: Season, size: str, count: int) -> None:
    assert main(["draw", "clients", str(season.folder), "--size", size]) == 0
    assert record("draw-clients.json")["sample"] == 12 * count
    assert main(["draw", "verify", "draw-clients.json", "season"]) == 0


def test_strata_are_told_line_by_line(season: Season) -> None:
    assert main(["draw", "clients", str(season.folder), "--strata", "service", "--size", "9"]) == 0
    sample = [row for row in lines("draw-clients.csv") if row["role"] == "sample" and row["uscc"] == USCCS[3]]
    counts = {name: sum(row["stratum"] == name for row in sample) for name in ("培训", "融资")}
    assert counts == {"培训": 6, "融资": 3}
    assert main(["draw", "verify", "draw-clients.json", "season"]) == 0


def test_assessors_are_drawn_and_verified(season: Season, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["draw", "assessors", "season", "--seed", "a-1", "--per-item", "2", "--out", "assignments.csv"]) == 0
    told = record("assignments.json")
    assert told["kept_apart"] == [["A0", USCCS[0], "declared"], ["A6", USCCS[0], "employer"]]
    assert sorted(told["loads"].values()) == [3, 3, 3, 3, 4, 4, 4]
    panels = {(row["uscc"], row["indicator_id"]): set[str]() for row in lines("assignments.csv")}
    for row in lines("assignments.csv"):
        panels[row["uscc"], row["indicator_id"]].add(row["assessor_id"])
    assert {len(panel) for panel in panels.values()} == {2}
    assert sorted(panels) == sorted((one, item) for one in USCCS for item in told["items"])
    assert not {"A0", "A6"} & panels[USCCS[0], "licence"]
    season.write("assignments.csv", Path("assignments.csv").read_text(encoding="utf-8"))
    capsys.readouterr()
    assert main(["draw", "verify", "assignments.json", "season"]) == 0


def test_by_item_panels_differ_between_items(season: Season) -> None:
    assert main(["draw", "assessors", str(season.folder), "--by", "item"]) == 0
    panels: dict[tuple[str, str], set[str]] = {}
    for row in lines("draw-assessors.csv"):
        panels.setdefault((row["uscc"], row["indicator_id"]), set()).add(row["assessor_id"])
    assert {len(panel) for panel in panels.values()} == {2}
    assert len({frozenset(panel) for (one, _), panel in panels.items() if one == USCCS[5]}) > 1
    assert main(["draw", "verify", "draw-assessors.json", "season"]) == 0


Change = Callable[[Season], None]
CHANGES: list[tuple[str, str, Change, list[tuple[str, str, str]]]] = [
    (
        "a client left out",
        "clients",
        lambda season: season.change("clients.csv", f"{USCCS[0]},C0047,企业47,,13500000000,培训\n", ""),
        [
            ("draw_differs", "d.json", key)
            for key in ("clients", "frame_sha256", "lines_sha256", "list_sha256", "reserve")
        ],
    ),
    (
        "a name changed behind its key",
        "clients",
        lambda season: season.change("clients.csv", "企业7,", "企业七,"),
        [("draw_differs", "d.json", "list_sha256")],
    ),
    (
        "a line changed",
        "clients",
        lambda _: Path("d.csv").write_bytes(Path("d.csv").read_bytes().replace(b"sample", b"reserve", 1)) and None,
        [("draw_line_differs", "d.csv", "第 2 行")],
    ),
    (
        "a conflict cleared later",
        "assessors",
        lambda season: season.change("conflicts.csv", f"A0,{USCCS[0]},declared,", f"A0,{USCCS[0]},cleared,无关"),
        [("draw_differs", "d.json", key) for key in ("frame_sha256", "kept_apart", "potentials")],
    ),
    (
        "another seed recorded",
        "clients",
        lambda season: season.change("season.toml", '"c-1"', '"c-2"'),
        [("draw_seed_differs", "season.toml", "seeds.clients")],
    ),
]


@pytest.mark.parametrize(("kind", "change", "wanted"), [one[1:] for one in CHANGES], ids=[one[0] for one in CHANGES])
def test_what_changed_after_the_draw_is_told(
    season: Season,
    capsys: pytest.CaptureFixture[str],
    kind: str,
    change: Change,
    wanted: list[tuple[str, str, str]],
) -> None:
    assert main(["draw", kind, "season", "--out", "d.csv"]) == 0
    change(season)
    code, found = findings(capsys, "verify", "d.json", "season")
    assert code == 1
    told = [one for one in found if one[1] != "d.csv"]
    assert (told or found) == wanted


KEYS = "algorithm clients file frame_sha256 institutions lines_sha256 list_sha256 reserve reserves sample scheme"
RECORD_FAULTS = sorted(
    [("key_missing", "r.json", key) for key in f"{KEYS} scheme_sha256 seed size strata".split()]
    + [("choice_unknown", "r.json", "kind")],
    key=lambda one: one[2],
)

WRONG: list[tuple[str, Change, list[str], int, list[tuple[str, str, str]]]] = [
    (
        "other seed",
        lambda _: None,
        ["clients", "season", "--seed", "x"],
        1,
        [("draw_seed_differs", "season.toml", "seeds.clients")],
    ),
    (
        "no seed",
        lambda season: season.change("season.toml", 'assessors = "a-1"\n', ""),
        ["assessors", "season"],
        1,
        [("draw_seed_missing", "season.toml", "seeds.assessors")],
    ),
    (
        "empty list",
        lambda season: season.write("clients.csv", "uscc,client_key,name\n"),
        ["clients", "season"],
        1,
        [("draw_nothing", "clients.csv", "")],
    ),
    (
        "no list",
        lambda season: (season.folder / "clients.csv").unlink(),
        ["clients", "season"],
        1,
        [("draw_nothing", "clients.csv", "")],
    ),
    (
        "a key twice",
        lambda season: season.change("clients.csv", ",C0002,", ",C0001,"),
        ["clients", "season"],
        1,
        [("row_doubled", "clients.csv", "第 3 行")],
    ),
    (
        "nine of seven",
        lambda _: None,
        ["assessors", "season", "--per-item", "9"],
        1,
        [("draw_people_short", "assessors.csv", "")],
    ),
    ("no season", lambda _: None, ["clients", "nowhere"], 2, [("season_folder_absent", "", "nowhere")]),
    ("no record", lambda _: None, ["verify", "none.json", "season"], 2, [("file_missing", "none.json", "")]),
    (
        "no JSON",
        lambda _: Path("r.json").write_text("{", encoding="utf-8") and None,
        ["verify", "r.json", "season"],
        2,
        [("draw_record_unreadable", "r.json", "")],
    ),
    (
        "no object",
        lambda _: Path("r.json").write_text("[" * 100_000, encoding="utf-8") and None,
        ["verify", "r.json", "season"],
        2,
        [("draw_record_unreadable", "r.json", "")],
    ),
    (
        "another thing",
        lambda _: Path("r.json").write_text('{"format": 1, "kind": "neither"}', encoding="utf-8") and None,
        ["verify", "r.json", "season"],
        2,
        RECORD_FAULTS,
    ),
]


@pytest.mark.parametrize(
    ("change", "arguments", "code", "wanted"), [one[1:] for one in WRONG], ids=[one[0] for one in WRONG]
)
def test_what_is_wrong_is_told_and_nothing_is_written(
    season: Season,
    capsys: pytest.CaptureFixture[str],
    change: Change,
    arguments: list[str],
    code: int,
    wanted: list[tuple[str, str, str]],
) -> None:
    change(season)
    got, found = findings(capsys, *arguments)
    assert got == code
    assert found == wanted
    assert not list(Path().glob("draw-*"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--size", "0"], "--size"),
        (["--size", "-1"], "--size"),
        (["--size", "９"], "--size"),
        (["--size", "9" * 5000], "--size"),
        (["--size", "formula", "--margin", "0"], "--margin"),
        (["--size", "formula", "--margin", "x"], "--margin"),
        (["--size", "formula", "--share", "1"], "--share"),
        (["--strata", "phone"], "--strata"),
        (["--out", "a.txt"], ".csv"),
        (["--out", "no/such/a.csv"], "文件夹"),
    ],
)
def test_wrong_use(season: Season, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str) -> None:
    assert main(["draw", "clients", str(season.folder), *arguments]) == 2
    assert said in capsys.readouterr().err


def test_help_and_points_load_no_solver() -> None:
    program = "import sys; from ceping.cli.main import main; main(['draw', '--help']); print('scipy' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.splitlines()[-1] == "False"


def test_an_employer_of_nearly_the_same_name_is_asked_about(season: Season, capsys: pytest.CaptureFixture[str]) -> None:
    season.change("institutions.csv", f"{USCCS[3]},机构3,", f"{USCCS[3]},上海机构服务中心,")
    season.change("assessors.csv", "单位2,", "上海机构服务中心浦东分中心,")
    assert findings(capsys, "assessors", "season") == (1, [("employer_near", "assessors.csv", "第 4 行 employer")])
    assert record("draw-assessors.json")["kept_apart"] == [["A0", USCCS[0], "declared"], ["A6", USCCS[0], "employer"]]
    assert main(["draw", "verify", "draw-assessors.json", "season"]) == 0
    season.write("conflicts.csv", f"assessor_id,uscc,kind,reason\nA2,{USCCS[3]},cleared,另一家单位\n")
    assert findings(capsys, "assessors", "season", "--out", "again.csv") == (0, [])
