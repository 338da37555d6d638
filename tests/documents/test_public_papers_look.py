"""What certificates and notices need beyond a report: a red head and a frame, in PDF and in Word."""

import io
import re
import zipfile

import pypdfium2

from ceping.documents.pdf import to_pdf
from ceping.documents.sheet import Document, Marks, Paragraph
from ceping.documents.word import to_word
from tests.factories.pdf import document


def reddest(made: Document) -> int:
    """How many clearly red dots the first page has."""
    page = pypdfium2.PdfDocument(to_pdf(made))[0].render(scale=0.5).to_pil().convert("RGB")
    return sum(
        count for count, (red, green, blue) in page.getcolors(1 << 20) if red > 150 and green < 90 and blue < 110
    )


def part(made: Document, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(to_word(made))) as package:
        return package.read(name).decode()


def test_a_red_head_is_red_over_a_red_rule() -> None:
    head, plain = (document(Paragraph("某某市某某委员会", style, "center")) for style in ("red_head", "title"))
    assert reddest(head) > 200
    assert reddest(plain) == 0
    assert '<w:pStyle w:val="RedHead"/>' in part(head, "word/document.xml")
    style = re.search(r'w:styleId="RedHead".*?</w:style>', part(head, "word/styles.xml"), re.DOTALL)
    assert style is not None
    assert style[0].count('w:color="D0021B"') == 1
    assert '<w:color w:val="D0021B"/>' in style[0]


def test_a_frame_goes_around_the_page_and_the_marks_stand_within() -> None:
    marks = Marks("ABCD-EFGH", "0" * 64, "HTTPS://A.EXAMPLE/ABCD")
    framed, open_ = (document(Paragraph("文"), framed=one, landscape=True, marks=marks) for one in (True, False))
    assert "<w:pgBorders " in part(framed, "word/document.xml")
    assert "<w:pgBorders " not in part(open_, "word/document.xml")
    for made, dark in ((framed, True), (open_, False)):
        page = pypdfium2.PdfDocument(to_pdf(made))[0].render(scale=2).to_pil().convert("L")
        across, down = page.size
        # Along the middle of the left margin nothing is drawn but the frame.
        line = [page.getpixel((x, down // 2)) for x in range(round(15 / 297 * across))]
        assert (min(line) < 100) is dark
        # Between the frame and the edge of the sheet there is nothing at all.
        assert min(page.getpixel((x, round(4 / 210 * down))) for x in range(across)) > 250 or not dark
