"""Invitation slips (邀请单): a page an institution, with the link that opens its account, handed over on paper."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ceping.documents.sheet import Block, Cell, Document, Grid, PageBreak, Paragraph, Picture, Space
from ceping.documents.word_picture import qr_png

_WIDE = 60
_STEPS = (
    "一、用手机扫上面的二维码，或在电脑的浏览器里输入网址；网址区分大小写。",
    "二、核对机构名称，设定登录名和密码。密码由您自己设定，平台上没有任何人知道。",
    "三、登录后即可填报；可以再邀请本机构的同事一起填。",
)
_WARNING = "本单只能使用一次，等同于开户凭证：请当面交给该机构的联系人，不要拍照转发。"


@dataclass(frozen=True, slots=True)
class Slip:
    """Whose account the link opens, who is asked to open it, and until when, as people read it."""

    institution: str
    uscc: str
    recommender: str
    contact: str
    link: str
    until: str


def slips_document(season: str, slips: Sequence[Slip], *, dated: date) -> Document:
    """A page for each slip, in their order."""
    blocks = [block for number, slip in enumerate(slips) for block in _page(season, slip, first=number == 0)]
    return Document(title=f"{season}邀请单", dated=dated, blocks=tuple(blocks), numbered=False)


def _page(season: str, slip: Slip, *, first: bool) -> Iterator[Block]:
    if not first:
        yield PageBreak()
    yield Paragraph(season, "subheading", "center")
    yield Paragraph("开户邀请单", "title", "center")
    rows = (
        ("机构名称", slip.institution),
        ("统一社会信用代码", slip.uscc),
        ("推荐单位", slip.recommender),
        ("联系人", slip.contact or "—"),
        ("有效期", f"{slip.until} 前"),
    )
    yield Grid((3, 9), tuple((Cell(label, "label"), Cell(value)) for label, value in rows), row_height=10)
    yield Space(8)
    yield Picture(qr_png(slip.link), _WIDE, "扫码开户")
    yield Space(4)
    yield Paragraph(slip.link, "plain", "center")
    yield Space(6)
    for step in _STEPS:
        yield Paragraph(step, "plain")
    yield Space(4)
    yield Paragraph(_WARNING, "plain")
