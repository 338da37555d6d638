"""The certificate (证书) of one institution: whom, what grade, by which evaluation, and how to check it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ceping.documents.check_code import check_code
from ceping.documents.forms.caution import chinese_day, in_words, specimen_of
from ceping.documents.page_content import Institution, PageValues
from ceping.documents.sheet import Document, Marks, Paragraph, SealPlace, Space

_TITLE = "中小企业服务机构服务质量测评证书"


@dataclass(frozen=True, slots=True)
class CertificateTexts:
    """Who issues it and when; `url` is what a check code is put behind; `valid_until` when it ends, if it does."""

    issuer: str
    issued_on: date
    url: str
    title: str = _TITLE
    valid_until: date | None = None


def certificate_document(values: PageValues, one: Institution, texts: CertificateTexts, *, sha256: str) -> Document:
    """One lying page in a frame; the QR code leads to where its check code is answered.

    The code is that of the season, the institution and `sha256`, the hash of results.json.
    """
    code = check_code(values.heading.title, one.uscc, sha256)
    day = chinese_day(texts.issued_on)
    until = f"，有效期至{chinese_day(texts.valid_until)}" if texts.valid_until is not None else ""
    named = f"（{one.label}）" if one.label else ""
    blocks = (
        Space(4),
        Paragraph(texts.title, "cover_title", "center"),
        Space(10),
        Paragraph(one.name, "cover_line", "center"),
        Paragraph(f"统一社会信用代码：{one.uscc}", "plain", "center"),
        Paragraph(
            f"在{values.heading.title}（测评时间：{in_words(values.heading.period)}）中，申报类别为{one.category_title}，"
            f"经测评，等次为：",
            "clause",
        ),
        Space(4),
        Paragraph(f"{one.grade}{named}", "cover_title", "center"),
        Paragraph(f"特发此证{until}。", "clause"),
        Paragraph(f"核验码：{code}　　核验网址：{texts.url}{code}", "small"),
        SealPlace((f"{texts.issuer}（公章）", day), height=34),
    )
    return Document(
        f"{texts.title}（{one.name}）",
        texts.issued_on,
        blocks,
        numbered=False,
        landscape=True,
        watermark=specimen_of(values),
        marks=Marks(code, sha256, f"{texts.url}{code}"),
        framed=True,
    )


def certified(values: PageValues, grades: Sequence[str] = ()) -> list[Institution]:
    """Who has one: a complete result, in the ranking, every condition met, and a grade above the lowest.

    `grades` names the grades instead.
    """
    wanted = set(grades) or {band.grade for band in values.bands if band.begins}
    return [
        one
        for one in values.institutions
        if one.complete
        and one.rank is not None
        and one.grade in wanted
        and not any(condition.failed for condition in one.conditions if condition.kind in ("参评条件", "一票否决"))
    ]
