"""A sealed file that comes back: by text where it has some, by its codes where it is a picture, and it says which."""

import io
from datetime import date
from hashlib import sha256
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageFilter

from ceping.core.finding import Finding
from ceping.documents.pdf import to_pdf
from ceping.documents.refusal import Refused
from ceping.documents.scans import compare_sealed, read_pages
from ceping.documents.seals import cross_page_seal
from ceping.documents.sheet import Document, Marks, PageBreak, Paragraph
from tests.factories.scan import write_pdf
from tests.factories.seal import seal_picture

OURS = sha256(b"ours").hexdigest()
USCC = "91310199MA0000A197"


def issued(path: Path, *, amount: str = "120", digest: str = OURS, pages: int = 3) -> Path:
    texts = [f"第{number}部分：全年服务支出 {amount} 万元，服务企业 {number}30 家。" for number in range(pages)]
    blocks = [block for text in texts for block in (Paragraph(text), PageBreak())][:-1]
    marks = Marks(f"2021-{USCC}", digest, f"CEPING:2021-{USCC}:{digest}".upper())
    path.write_bytes(to_pdf(Document("自评报告", date(2022, 1, 10), tuple(blocks), marks=marks)))
    return path


def scanned(path: Path, source: Path, *, turn: int | None = None, rough: bool = True) -> Path:
    """As a scanner at 200 dpi gives it back: askew, a little soft, compressed; page `turn` upside down."""
    document = pypdfium2.PdfDocument(source)
    pages = []
    for number in range(len(document)):
        picture = document[number].render(scale=200 / 72).to_pil().convert("RGB")
        if rough:
            picture = picture.rotate(0.5, Image.Resampling.BICUBIC, fillcolor="white")
            picture = picture.filter(ImageFilter.GaussianBlur(0.5))
        if number == turn:
            picture = picture.rotate(180)
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=50)
        pages.append(Image.open(buffer))
    return write_pdf(path, pages)


def told(found: tuple[Finding, ...]) -> list[tuple[str, str]]:
    for one in found:
        assert all(one.message(language) and one.remedy(language) for language in ("zh", "en"))
    return [(one.code, one.place) for one in found]


def test_a_file_with_its_text(tmp_path: Path) -> None:
    ours = issued(tmp_path / "ours.pdf")
    (tmp_path / "back.pdf").write_bytes(cross_page_seal(ours.read_bytes(), seal_picture()))
    same = compare_sealed(ours, tmp_path / "back.pdf")
    assert (same.ways, told(same.findings)) == (("text",) * 3, [("sealed_compared", "")])
    assert same.findings[0].message() == "核对方式：按文字 第 1–3 页；按二维码 无；没有核对 无"
    other = compare_sealed(ours, issued(tmp_path / "other.pdf", amount="180"))
    assert told(other.findings)[0] == ("sealed_text_differs", "第 1 页")
    values = dict(other.findings[0].values)
    assert "120万元" in values["issued"]
    assert "180万元" in values["sealed"]


def test_another_number_of_pages(tmp_path: Path) -> None:
    ours, short = issued(tmp_path / "a.pdf"), issued(tmp_path / "b.pdf", pages=2)
    found = compare_sealed(ours, short, file="b.pdf").findings
    assert [(one.code, one.file, dict(one.values)) for one in found] == [
        ("sealed_pages_differ", "b.pdf", {"issued": "3", "count": "2"})
    ]


def test_without_the_extra_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ceping.documents.scans.run", without_codes)
    ours = issued(tmp_path / "ours.pdf")
    found = compare_sealed(ours, scanned(tmp_path / "back.pdf", ours))
    assert found.ways == ("unread",) * 3
    assert told(found.findings) == [("sealed_without_codes", ""), ("sealed_compared", "")]


def without_codes(_task: str, path: Path, options: dict[str, bool], *, limits: object) -> object:  # noqa: ARG001
    """As in a child of an installation without the extra."""
    return read_pages(path, **(options | {"codes": False}))


@pytest.mark.slow
def test_a_file_of_pictures(tmp_path: Path) -> None:
    pytest.importorskip("cv2")
    ours = issued(tmp_path / "ours.pdf")
    back = compare_sealed(ours, scanned(tmp_path / "back.pdf", ours, turn=1))
    assert (back.ways, told(back.findings)) == (("code",) * 3, [("sealed_compared", "")])
    other = issued(tmp_path / "other.pdf", digest=sha256(b"another").hexdigest())
    found = compare_sealed(ours, scanned(tmp_path / "strange.pdf", other)).findings
    assert told(found)[:3] == [("sealed_code_differs", f"第 {number} 页") for number in (1, 2, 3)]


@pytest.mark.slow
def test_two_sealed_pages_put_back(tmp_path: Path) -> None:
    pytest.importorskip("cv2")
    ours = issued(tmp_path / "ours.pdf")
    pictures = scanned(tmp_path / "pictures.pdf", ours, rough=False)
    with pikepdf.open(ours) as whole, pikepdf.open(pictures) as sealed:
        whole.pages[0] = sealed.pages[0]
        whole.save(tmp_path / "back.pdf")
    assert compare_sealed(ours, tmp_path / "back.pdf").ways == ("code", "text", "text")
    blurred = Image.fromarray(np.full((2339, 1654), 230, np.uint8))
    unread = write_pdf(tmp_path / "unread.pdf", [blurred] * 3)
    found = compare_sealed(ours, unread)
    assert told(found.findings)[0] == ("sealed_code_unread", "第 1 页")


def test_what_cannot_be_read(tmp_path: Path) -> None:
    ours = issued(tmp_path / "ours.pdf")
    (tmp_path / "cut.pdf").write_bytes(ours.read_bytes()[:5000])
    with pytest.raises(Refused, match="scan_pdf_broken"):
        compare_sealed(ours, tmp_path / "cut.pdf")
