"""`ceping attachments` over a folder of scans and over a season, as institutions and the office use it."""

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from ceping.cli.main import main
from ceping.documents.ocr import can_read
from ceping.folder.demo import write_demo
from tests.factories.licence import licence
from tests.factories.report import NAME, USCC, complete_report
from tests.factories.scan import camera_exif, page, photograph, saved_again, write_pdf

SMALL = {"width": 600, "height": 800}


@pytest.fixture
def institution(tmp_path: Path) -> Path:
    """One institution's folder: its report lists two files, four more lie there."""
    folder = tmp_path / USCC
    scans = folder / "attachments"
    scans.mkdir(parents=True)
    page(1, **SMALL).save(scans / "营业执照.jpg", exif=camera_exif())
    write_pdf(scans / "租赁合同.pdf", [page(2, **SMALL), page(3, **SMALL)])
    page(4, **SMALL).save(scans / "合作协议甲.tif", save_all=True, append_images=[page(5, **SMALL)])
    page(6, **SMALL).save(scans / "IMG_0001.png")
    (scans / "说明.docx").write_bytes(DOCX)
    (scans / "Thumbs.db").write_bytes(b"x")
    listed = [
        {"item": 1, "file": "营业执照.jpg", "sha256": "", "indicators": ["licence"], "valid_until": "2030-01-01"},
        {"item": 4, "file": "租赁合同.pdf", "sha256": "", "indicators": []},
    ]
    report = complete_report(attachments=listed)
    (folder / "report.json").write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8")
    return folder


def _docx() -> bytes:
    from io import BytesIO  # noqa: PLC0415

    from docx import Document  # noqa: PLC0415

    out = BytesIO()
    Document().save(out)
    return out.getvalue()


DOCX = _docx()


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[tuple[str, str]]]:
    capsys.readouterr()
    code = main([*words, "--json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    return code, [(one["code"], Path(one["file"]).name) for one in found]


def bytes_in(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("content", "code"),
    [("你好，世界\n".encode(), "attachment_text"), (b"\x01\x02\x03" * 99, "attachment_no_such_content")],
)
def test_what_bears_a_name_it_has_no_right_to_is_called_what_it_is(
    institution: Path, capsys: pytest.CaptureFixture[str], content: bytes, code: str
) -> None:
    (institution / "attachments" / "假报告.docx").write_bytes(content)
    _, found = told(capsys, "attachments", "check", str(institution))
    assert (code, "假报告.docx") in found


def test_what_a_check_says(institution: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (institution / "attachments" / "坏图.jpg").write_bytes(b"\xff\xd8\xff\xe0" + b"\x00" * 40)
    (institution / "attachments" / "空.pdf").touch()
    (institution / "attachments" / "页面.html").write_text("<html>", encoding="utf-8")
    code, found = told(capsys, "attachments", "check", str(institution))
    assert code == 1
    assert found == sorted(
        [
            ("attachment_to_convert", "IMG_0001.png"),
            ("attachment_unplaced", "IMG_0001.png"),
            ("attachment_to_convert", "合作协议甲.tif"),
            ("attachment_unlisted", "合作协议甲.tif"),
            ("attachment_unplaced", "坏图.jpg"),
            ("picture_damaged", "坏图.jpg"),
            ("attachment_name_unofficial", "租赁合同.pdf"),
            ("attachment_to_convert", "租赁合同.pdf"),
            ("attachment_empty", "空.pdf"),
            ("attachment_unplaced", "空.pdf"),
            ("attachment_name_unofficial", "营业执照.jpg"),
            ("attachment_unplaced", "说明.docx"),
            ("attachment_kind", "页面.html"),
            ("attachment_unplaced", "页面.html"),
        ],
        key=lambda one: (f"attachments/{one[1]}", one[0]),
    )


def test_a_folder_is_converted(institution: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    before = bytes_in(institution)
    assert main(["attachments", "convert", str(institution), "--out", str(out)]) == 1
    assert bytes_in(institution) == before
    assert names_in(out / "attachments") == [
        "未归项_IMG_1.jpg",
        "未归项_合作协议甲_1.jpg",
        "未归项_合作协议甲_2.jpg",
        "未归项_说明.docx",
        "附件01_营业执照_1.jpg",
        "附件04_租赁合同_1.jpg",
        "附件04_租赁合同_2.jpg",
    ]
    with Image.open(out / "attachments" / "附件01_营业执照_1.jpg") as picture:
        assert picture.size == (800, 600)
        assert dict(picture.getexif()) == {}
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert [(one["item"], one["file"]) for one in report["attachments"]] == [
        (1, "附件01_营业执照_1.jpg"),
        (4, "附件04_租赁合同_1.jpg"),
        (4, "附件04_租赁合同_2.jpg"),
    ]
    first = report["attachments"][0]
    assert (first["indicators"], first["valid_until"], len(first["sha256"])) == (["licence"], "2030-01-01", 64)
    # The folder that came out is one that may be checked, and converting it again changes nothing.
    code, found = told(capsys, "attachments", "check", str(out))
    assert (code, {one for one, _ in found}) == (1, {"attachment_unlisted", "attachment_unplaced"})
    again = tmp_path / "again"
    assert main(["attachments", "convert", str(out), "--out", str(again)]) == 1
    assert bytes_in(again / "attachments") == bytes_in(out / "attachments")


def test_items_by_name_and_by_hand(institution: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    code, found = told(capsys, "attachments", "convert", str(institution), "--out", str(out), "--by-name")
    assert (code, [one for one in found if one[0] == "attachment_taken"]) == (
        1,
        [("attachment_taken", "合作协议甲.tif")],
    )
    assert "附件07_合作协议甲_2.jpg" in names_in(out / "attachments")
    with (out / "对照表.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows: list[dict[str, Any]] = list(csv.DictReader(stream))
    assert {row["file"]: (row["item"], row["by"]) for row in rows}["营业执照.jpg"] == ("1", "报告")
    chosen = [{**row, "item": "2", "content": "荣誉证书"} if row["file"] == "IMG_0001.png" else row for row in rows]
    table = tmp_path / "改好.csv"
    with table.open("w", encoding="gb18030", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(chosen)
    convert = ("attachments", "convert", str(institution), "--out", str(out), "--items", str(table))
    told(capsys, *convert)
    assert "附件02_荣誉证书_1.jpg" in names_in(out / "attachments")
    assert "未归项_IMG_1.jpg" not in names_in(out / "attachments")
    table.write_text("file,item\nIMG_0001.png,99\n没有.jpg,1\n", encoding="utf-8")
    assert told(capsys, *convert) == (
        2,
        [("attachment_table_item", "改好.csv"), ("attachment_table_unknown", "改好.csv")],
    )


@pytest.mark.slow
def test_one_that_cannot_be_used_stops_its_institution_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    season = tmp_path / "season"
    write_demo(season, institutions=3, seed=7, events=50)
    first, second, third = sorted((season / "institutions").iterdir())
    page(1, **SMALL).save(first / "attachments" / "签到表.png")
    shared = photograph(1, width=800, height=600)
    shared.save(first / "attachments" / "现场照片.jpg", quality=90)
    saved_again(shared).save(second / "attachments" / "活动照片.jpg")
    shutil.copy(first / "attachments" / "现场照片.jpg", third / "attachments" / "服务现场.jpg")
    code, found = told(capsys, "attachments", "check", str(season))
    alike = [one for one in found if one[0] in ("attachment_shared", "attachment_alike")]
    assert (code, alike) == (1, [("attachment_alike", "现场照片.jpg"), ("attachment_shared", "现场照片.jpg")])
    broken = second / "attachments" / "坏图.jpg"
    broken.write_bytes(b"\xff\xd8\xff\xe0" + b"\x00" * 40)
    out = tmp_path / "out"
    code, found = told(capsys, "attachments", "convert", str(season), "--out", str(out))
    assert (code, {one for one in found if one[1] in ("坏图.jpg", "attachments")}) == (
        1,
        {("picture_damaged", "坏图.jpg"), ("attachment_not_converted", "attachments")},
    )
    assert len(list((out / "institutions").iterdir())) == 2
    broken.unlink()
    capsys.readouterr()
    main(["attachments", "convert", str(season), "--out", str(out)])
    assert "已转换 3 家机构（其中 2 家先前已完成）" in capsys.readouterr().out
    converted = {path.relative_to(out): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    main(["attachments", "convert", str(season), "--out", str(tmp_path / "anew"), "--workers", "1"])
    anew = {
        path.relative_to(tmp_path / "anew"): path.read_bytes()
        for path in (tmp_path / "anew").rglob("*")
        if path.is_file()
    }
    assert converted == anew


def test_wrong_use(institution: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, "attachments", "check", str(tmp_path / "nowhere"))[0] == 2
    (tmp_path / "scans").mkdir()
    page(1, **SMALL).save(tmp_path / "scans" / "营业执照.png")
    assert told(capsys, "attachments", "check", str(tmp_path / "scans")) == (2, [("attachments_scheme_unnamed", "")])
    code, found = told(capsys, "attachments", "check", str(tmp_path / "scans"), "--scheme", "shanghai-2021")
    assert (code, [one for one, _ in found]) == (1, ["attachment_to_convert", "attachment_unlisted"])
    (tmp_path / "empty").mkdir()
    convert = ("attachments", "convert", "--scheme", "shanghai-2021", "--out")
    assert told(capsys, *convert, str(tmp_path / "out"), str(tmp_path / "empty")) == (
        2,
        [("attachments_none", "empty")],
    )
    assert told(capsys, *convert, str(institution), str(institution))[0] == 2
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.slow
def test_licences_are_read_beside_the_report(institution: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if not can_read():
        pytest.skip("needs the extra ocr")
    path = institution / "attachments" / "营业执照.jpg"
    licence(USCC, NAME).save(path)
    _, found = told(capsys, "attachments", "check", str(institution), "--ocr")
    assert [one for one, _ in found if one.startswith("ocr")] == []
    licence("91310199MADE00011A", NAME).save(path)
    _, found = told(capsys, "attachments", "check", str(institution), "--ocr")
    assert [one for one, _ in found if one.startswith("ocr")] == ["ocr_code_other"]
