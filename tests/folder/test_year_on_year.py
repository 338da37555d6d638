"""Two seasons side by side: hand-made results, every number of the comparison by hand."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ceping.cli.main import main
from ceping.folder.year_on_year import COLUMNS, Group, rows_of, side_by_side


def institution(uscc: str, total: str | None, rank: int | None, **more: Any) -> dict[str, Any]:
    level = {"value": "7", "source": "points/totals.csv", "note": more.pop("level")} if "level" in more else {}
    return {
        "uscc": uscc,
        "name": more.get("name", f"机构{uscc}"),
        "category": more.get("category", "startup"),
        "total": total,
        "grade": more.get("grade", "良好"),
        "rank": rank,
        "rank_in_category": rank,
        "trace": {
            "metrics": {"orders": {"platform": {"value": "3", "source": "points/ledger.csv"}}, "l": {"platform": level}}
        },
    }


def written(out: Path, institutions: list[dict[str, Any]], scheme: str = "three", **recommenders: str) -> Path:
    out.mkdir()
    made_by = {"id": scheme, "version": 1, "sha256": "0" * 64}
    results = {"format": 1, "scheme": made_by, "parameters": "illustrative", "institutions": institutions}
    (out / "results.json").write_text(json.dumps(results, ensure_ascii=False), encoding="utf-8")
    (out / "run.json").write_text(json.dumps({"recommenders": recommenders}, ensure_ascii=False), encoding="utf-8")
    return out


@pytest.fixture
def outs(tmp_path: Path) -> tuple[Path, Path]:
    one = [
        institution("A", "80.00", 1, level="2 钻级"),
        institution("B", "70.01", 2, category="legal"),
        institution("C", None, None, grade="不完整"),
    ]
    two = [
        institution("A", "75.50", 2, level="3 钻级", name="=改名"),
        institution("B", "90.00", 1, category="legal", grade="优秀"),
        institution("D", "60.00", 3, grade="合格"),
    ]
    return (
        written(tmp_path / "one", one, A="徐汇区", B="静安区", C="徐汇区"),
        written(tmp_path / "two", two, A="徐汇区", B="徐汇区", D="静安区"),
    )


def test_institutions_side_by_side(outs: tuple[Path, Path]) -> None:
    compared = side_by_side(*outs)
    shown = [
        (row["uscc"], row["status"], row["total_a"], row["total_b"], row["total_change"], row["rank_change"])
        for row in rows_of(compared)
    ]
    assert shown == [
        ("A", "两年都有", "80.00", "75.50", "-4.50", "-1"),
        ("B", "两年都有", "70.01", "90.00", "19.99", "1"),
        ("C", "未再参评", "", "", "", ""),
        ("D", "新参评", "", "60.00", "", ""),
    ]
    first = rows_of(compared)[0]
    assert (first["name"], first["level_a"], first["level_b"]) == ("=改名", "2 钻级", "3 钻级")
    assert [compared.count(status) for status in ("stayed", "new", "left")] == [2, 1, 1]


def test_averages_by_category_and_district(outs: tuple[Path, Path]) -> None:
    compared = side_by_side(*outs)
    assert compared.categories == [
        Group("legal", (1, 1), (Decimal("70.01"), Decimal("90.00"))),
        Group("startup", (1, 2), (Decimal("80.00"), Decimal("67.75"))),
    ]
    assert compared.districts == [
        Group("徐汇区", (1, 2), (Decimal("80.00"), Decimal("82.75"))),
        Group("静安区", (1, 1), (Decimal("70.01"), Decimal("60.00"))),
    ]


def test_another_scheme_makes_totals_incomparable(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = written(tmp_path / "one", [institution("A", "80.00", 2)], A="徐汇区")
    two = written(tmp_path / "two", [institution("A", "90.00", 1)], scheme="four", A="徐汇区")
    compared = side_by_side(one, two)
    assert (compared.comparable, [row["total_change"] for row in rows_of(compared)]) == (False, [""])
    assert [row["rank_change"] for row in rows_of(compared)] == ["1"]
    assert main(["compare-seasons", str(one), str(two)]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[:2] == [
        "方案 three@1 000000000000 → four@1 000000000000",
        "两次结果用的不是同一个方案，总分不可比。",
    ]
    assert [line.split()[-1] for line in told if line.startswith(("startup", "徐汇区"))] == ["不可比", "不可比"]


def test_without_recommenders_districts_are_left_out_and_it_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = written(tmp_path / "one", [institution("A", "80.00", 1)], A="徐汇区")
    two = written(tmp_path / "two", [institution("A", "80.00", 1)])
    (two / "run.json").unlink()
    assert side_by_side(one, two).districts == []
    assert main(["compare-seasons", str(one), str(two), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["notes"] == ["两次结果里不都有推荐单位（公开包里没有），不能按推荐单位对比。"]
    assert (told["comparable"], told["districts"]) == (True, [])
    assert told["institutions"][0]["total_change"] == "0.00"


def test_the_table_as_csv(outs: tuple[Path, Path], tmp_path: Path) -> None:
    path = tmp_path / "compared.csv"
    words = ["compare-seasons", *map(str, outs), "--out", str(path)]
    assert main(words) == 0
    first = path.read_bytes()
    lines = first.decode().splitlines()
    assert lines[0] == ",".join(COLUMNS)
    # A name that a spreadsheet would run as a formula is text; a fall in points is a number.
    assert (
        lines[1]
        == "A,'=改名,两年都有,startup,startup,徐汇区,徐汇区,80.00,75.50,良好,良好,1,2,1,2,2 钻级,3 钻级,-4.50,-1"
    )
    assert main(words) == 0
    assert path.read_bytes() == first
    path.write_text("别的东西\n", encoding="utf-8")
    assert main(words) == 2
    assert path.read_text(encoding="utf-8") == "别的东西\n"
    assert main([*words[:-1], str(tmp_path / "nowhere" / "x.csv")]) == 2
    assert main([*words[:-1], str(tmp_path / "x.txt")]) == 2


@pytest.mark.parametrize(
    "text", ["", "[]", '{"format": 1, "institutions": [1]}', '{"format": 1, "institutions": [{}]}']
)
def test_results_that_cannot_be_read_are_refused(outs: tuple[Path, Path], text: str, tmp_path: Path) -> None:
    (outs[1] / "results.json").write_text(text, encoding="utf-8")
    assert main(["compare-seasons", *map(str, outs)]) == 2
    assert main(["compare-seasons", str(outs[0]), str(tmp_path / "nowhere")]) == 2


def test_two_seasons_that_were_evaluated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for seed in ("1", "2"):
        season, out = str(tmp_path / f"s{seed}"), str(tmp_path / f"o{seed}")
        assert (
            main(["demo-season", season, "--institutions", str(8 + int(seed)), "--seed", seed, "--events", "600"]) == 0
        )
        assert main(["evaluate", season, "--out", out]) == 0
    capsys.readouterr()
    assert main(["compare-seasons", str(tmp_path / "o1"), str(tmp_path / "o2"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["counts"], told["comparable"], told["notes"]) == ({"stayed": 9, "new": 1, "left": 0}, True, [])
    results = json.loads((tmp_path / "o2" / "results.json").read_text(encoding="utf-8"))["institutions"]
    shown = {row["uscc"]: (row["total_b"], row["grade_b"]) for row in told["institutions"]}
    assert shown == {one["uscc"]: (one["total"], one["grade"]) for one in results}
