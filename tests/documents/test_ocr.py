"""The licence read: the same, another or unread, for code and name; a real reading of drawn licences is slow."""

import sys
from pathlib import Path

import pytest
from PIL import Image

from ceping.documents.ocr import OTHER, SAME, UNREAD, Line, Reader, can_read, compared, crop_of, faults_in_reading
from ceping.documents.refusal import Refused
from tests.factories.licence import licence

CODE, NAME = "91310199MA0000A197", "上海示例企业服务有限公司"
ANOTHER = "91310199MADE00011A"


def lines(*texts: str) -> list[Line]:
    return [Line(text, 0.99, (10, 40 * place, 400, 40 * place + 30)) for place, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("texts", "result", "mended"),
    [
        (("统一社会信用代码", CODE), SAME, False),
        (("统一社会信用代码：91310199 MA0000A197",), SAME, False),
        (("代码91310199MA00", "00A197"), SAME, False),
        (("9I310199MAOO00A197",), SAME, True),
        (("91310199MADD00A197",), SAME, True),
        (("91310I99MADE000IIA",), OTHER, True),
        ((ANOTHER,), OTHER, False),
        ((ANOTHER, CODE), SAME, False),
        (("91310199MA0000A19",), UNREAD, False),
        (("91310199MA0000A198",), UNREAD, False),
        ((), UNREAD, False),
        (("注册号 310115001234567", "电话 021-12345678"), UNREAD, False),
    ],
)
def test_the_code(texts: tuple[str, ...], result: str, *, mended: bool) -> None:
    told = compared(lines(*texts), code=CODE, name=NAME).code
    assert (told.result, told.mended) == (result, mended)


@pytest.mark.parametrize(
    ("texts", "result", "read"),
    [
        (("名称", NAME), SAME, NAME),
        (("名称：上海示例企业服务有限责任公司",), SAME, NAME),
        (("名 称 上海示例企业", "服务有限公司"), SAME, NAME),
        (("名称", "上海实例企业服务有限公司"), OTHER, "上海实例企业服务有限公司"),
        (("名称：北京别家科技股份有限公司",), OTHER, "北京别家科技股份有限公司"),
        (("营业执照", "登记机关"), UNREAD, ""),
        ((), UNREAD, ""),
    ],
)
def test_the_name(texts: tuple[str, ...], result: str, read: str) -> None:
    told = compared(lines(*texts), code=CODE, name=NAME).name
    assert (told.result, told.read) == (result, read)


def test_what_is_said() -> None:
    def told(*texts: str) -> list[str]:
        found = faults_in_reading(compared(lines(*texts), code=CODE, name=NAME), code=CODE, name=NAME)
        assert all(one.message(language) and one.remedy(language) for one in found for language in ("zh", "en"))
        return [one.code for one in found]

    assert told(CODE, NAME) == []
    assert told("9I310199MAOO00A197", NAME) == ["ocr_code_mended"]
    assert told(ANOTHER, "名称：北京别家科技有限公司") == ["ocr_code_other", "ocr_name_other"]
    assert told("模糊") == ["ocr_code_absent", "ocr_name_unread"]
    assert told("91310199MA0000", NAME) == ["ocr_code_unread"]


def test_the_crop_holds_the_lines() -> None:
    picture = Image.new("RGB", (500, 500))
    assert crop_of(picture, lines("一", "二")).size == (412, 82)
    assert crop_of(picture, []).size == (500, 500)


def test_without_the_extra_it_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    with pytest.raises(Refused, match="ocr_absent"):
        Reader()


@pytest.mark.slow
def test_licences_are_read(tmp_path: Path) -> None:
    if not can_read():
        pytest.skip("needs the extra ocr")
    reader = Reader(threads=1)
    licence(CODE, NAME).save(tmp_path / "straight.jpg", quality=80)
    licence(CODE, NAME).rotate(90, expand=True).save(tmp_path / "side.jpg", quality=70)
    small = licence(CODE, NAME).rotate(2, fillcolor="white").resize((827, 585))
    small.save(tmp_path / "small.jpg", quality=50)
    licence(ANOTHER, "上海别家咨询有限公司").save(tmp_path / "another.jpg")
    for name in ("straight", "side", "small"):
        reading = reader.read_licence(tmp_path / f"{name}.jpg", code=CODE, name=NAME)
        assert (reading.code.result, reading.name.result) == (SAME, SAME), name
    reading = reader.read_licence(tmp_path / "another.jpg", code=CODE, name=NAME)
    assert (reading.code.result, reading.code.read) == (OTHER, ANOTHER)
    assert (reading.name.result, reading.name.read) == (OTHER, "上海别家咨询有限公司")
    Image.new("RGB", (400, 300), "white").save(tmp_path / "blank.jpg")
    reading = reader.read_licence(tmp_path / "blank.jpg", code=CODE, name=NAME)
    assert (reading.code.result, reading.name.result) == (UNREAD, UNREAD)
