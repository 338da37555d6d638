"""The official form filled in, piece by piece, as office programs save it: what tests move, merge, cut and spoil."""

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from ceping.core.scheme.form import FormFile
from ceping.core.scheme.layout import GridBlock, TextBlock

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NAMES = (
    f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
)
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@dataclass(frozen=True)
class P:
    """A paragraph. `xml` stands in place of its runs, `style` is a style's id."""

    text: str = ""
    xml: str = ""
    style: str = ""


@dataclass(frozen=True)
class C:
    """A cell: its paragraphs, how many columns it covers, and whether it begins or goes on a vertical merge."""

    text: "str | P | Sequence[P]" = ""
    span: int = 1
    merge: str = ""


@dataclass(frozen=True)
class T:
    """A table: rows of cells; a text stands for a cell of one column."""

    rows: "Sequence[Sequence[str | C]]"


Block = str | P | T
Form = dict[str, list[Block]]


def run(text: str, properties: str = "") -> str:
    """A run of text with properties; a line break is one of Word's."""
    parts = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(part)}</w:t>' for part in text.split("\n"))
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{parts}</w:r>"


def box(content: str) -> str:
    """A text box as Word saves it: the shape of today, and the same again for old programs."""
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><a:graphic><a:graphicData><wps:wsp>'
        f"<wps:txbx><w:txbxContent>{content}</w:txbxContent></wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor>"
        "</w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>"
        f"<w:txbxContent>{content}</w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


# ── the form, filled ─────────────────────────────────────────────────────


def official(form: FormFile) -> Form:
    """The official form with answers typed as people type them, in its official layout: two tables that ran into one,
    three value cells for the founding date, the question on certificates in one table with the policies.
    """
    pieces: Form = {"cover": _cover(form)}
    for part in form.parts:
        texts = [block.text for block in part.blocks if isinstance(block, TextBlock)]
        pieces[part.id] = [part.heading, *_PARTS[part.id](form, texts)]
    return pieces


def _cover(form: FormFile) -> list[Block]:
    period, *lines = (line.text for line in form.cover.lines)
    answers = ("上海示例企业服务有限公司", "王一", "2022年1月10日")
    return [period, "", *(f"{line}{answer}" for line, answer in zip(lines, answers, strict=True)), ""]


GRID = {
    "name": "上海示例企业服务有限公司",
    "uscc": "91310199MA0000A197",
    "address": "上海市黄浦区示例路1号",
    "founded_on": "2012年3月1日",
    "independent": "■是      □否",
    "nature": "有限责任公司",
    "registered_capital": "500 万元",
    "office_area": "320.5平方米",
    "legal_name": "王一",
    "legal_phone": "13800000001",
    "legal_email": "wang@example.cn",
    "contact_name": "李二",
    "contact_phone": "13800000002",
    "contact_email": "li@example.cn",
    "shop_name": "示例服务",
    "categories": "□创业服务类  ■科技创新类  □市场拓展类\n□投融资服务类 □商务服务类 □知识产权类\n"
    "■管理咨询类 □法律服务类 □人力资源类\n□行业协会类",
    "introduction": "（小四仿宋字体，300字以内）\n本机构为中小企业提供科技创新和管理咨询服务。",
    "total_spend": "120",
    "public_spend": "30.5",
    "client_count": "130",
    "specialised_count": "12",
    "headcount": "40",
    "fulltime_count": "20",
    "equipment_count": "0",
    "qualified_count": "18\n（学历与职称不重复计数）",
}


def grid(form: FormFile, part: str, answers: dict[str, str]) -> list[list[str | C]]:
    """The rows of a part's grid with these answers in its cells; a cell without one shows what the form prints."""
    block = next(one for one in next(p for p in form.parts if p.id == part).blocks if isinstance(one, GridBlock))
    return [
        [C(cell.text if not cell.field else answers.get(cell.field, cell.text), cell.span) for cell in row]
        for row in block.rows
    ]


def _overview(form: FormFile, texts: list[str]) -> list[Block]:
    rows = grid(form, "overview", GRID)
    # The official row has three value cells, the label of one of them lost.
    rows[3] = [rows[3][0], C(GRID["founded_on"], 2), C("", 1), C("", 2)]
    return [T(rows), *texts]


def _experience(_form: FormFile, _texts: list[str]) -> list[Block]:
    daily = [C("日常服务内容", 3), C("完成频次\n（每月/每周/每日）", 2), C("实际服务对象/数量", 3)]
    return [
        T(
            [
                daily,
                [C("政策咨询", 3), C("每周", 2), C("全市中小企业/80家", 3)],
                *([[C("", 3), C("", 2), C("", 3)]] * 8),
                [
                    C("重点活动内容", 2),
                    C("活动模式", 2),
                    C("实际完成日期"),
                    C("活动地点", 2),
                    C("实际服务对象/数量"),
                ],
                [C("融资对接会", 2), C("线下", 2), C("2021.6.18"), C("黄浦区", 2), C("科技企业/40家")],
                *([[C("", 2), C("", 2), C(""), C("", 2), C("")]] * 9),
            ]
        )
    ]


def _management(form: FormFile, texts: list[str]) -> list[Block]:
    honours, note, structure, requirement, policies = texts
    table = form.table_by_id["honours"]
    given = {
        "city": ("市级示范平台", "2021年4月1日", "市经信委"),
        "gathered": ("示例大学", "", "示例大学"),
        "projects": ("疫情防控", "2020年6月1日-2021年9月30日", "市经信委"),
    }
    rows = [[group.label, *given.get(group.id, ("", "", ""))] for group in table.groups]
    team = [C("部门名称"), C("服务部", 4)]
    people = [["赵三", "顾问", "本科", "", "咨询"], ["钱四", "顾问", "本科", "", "咨询"]]
    kinds = form.table_by_id["policies"]
    named = [[group.label, f"制度{group.id}" if group.id != "other" else ""] for group in kinds.groups]
    return [
        honours,
        T([[column.label for column in table.columns], *rows]),
        note,
        structure,
        requirement,
        T([team, ["团队人员", "职务", "学历", "职称", "职责分工"], *people, *([[""] * 5] * 7)]),
        policies,
        T([["是否通过管理体系认证", "□是  ☑否"], [column.label for column in kinds.columns], *named]),
    ]


def _outlook(_form: FormFile, texts: list[str]) -> list[Block]:
    asked, plans, benefits, described, problems, told = texts
    return [
        *(asked, plans, "1、近期计划", "    明年服务两百家。", "2、远期计划：五年内覆盖全市。"),
        *(benefits, described, "经济效益：", "帮助三十家企业获得贷款。", "社会效益：", "媒体报道五次。"),
        *("案例：", "某企业的数字化改造。"),
        *(problems, told, "（一）存在问题", "服务需求分散。", "（二）对策及建议", "分区设点。"),
    ]


def _clients(form: FormFile, texts: list[str]) -> list[Block]:
    names = "甲乙丙丁戊己庚辛壬癸"
    rows = [
        [f"上海{names[place // 10]}{names[place % 10]}科技有限公司", f"联系人{place}", f"138{place:08d}", "政策辅导"]
        for place in range(1, 53)
    ]
    return [T([[column.label for column in form.table_by_id["clients"].columns], *rows]), *texts]


def _commitment(form: FormFile, texts: list[str]) -> list[Block]:
    promise = form.commitment
    return ["", promise.title, *promise.clauses, "", *promise.signature, *texts]


def _checklist(form: FormFile, texts: list[str]) -> list[Block]:
    requirement, *instructions = texts
    items = [[str(item.number), item.text] for item in form.checklist.items]
    return [requirement, T([list(form.checklist.headers), *items]), *instructions]


_PARTS: dict[str, Callable[[FormFile, list[str]], list[Block]]] = {
    "overview": _overview,
    "experience": _experience,
    "management": _management,
    "outlook": _outlook,
    "clients": _clients,
    "commitment": _commitment,
    "checklist": _checklist,
}


# ── as files ─────────────────────────────────────────────────────────────


@dataclass
class Saved:
    """A package to be written: the parts beside the document, each with the last word of its relation."""

    parts: dict[str, tuple[str, str]] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)
    runs: Callable[[str], str] = run


def word(blocks: Form | Sequence[Block], saved: Saved | None = None) -> bytes:
    """A .docx of these blocks, no more than a reader needs; `saved` adds parts and says how a program cuts runs."""
    kept = saved or Saved()
    flat = [one for piece in blocks.values() for one in piece] if isinstance(blocks, dict) else list(blocks)
    body = "".join(_xml(block, kept.runs) for block in flat)
    related = "".join(
        f'<Relationship Id="rId{place}" Type="{_OFFICE}/{kind}" Target="{name}"/>'
        for place, (name, (kind, _)) in enumerate(kept.parts.items(), start=1)
    )
    files = {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": _rels(f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'),
        "word/_rels/document.xml.rels": _rels(related),
        "word/document.xml": f"{_HEAD}<w:document {_NAMES}><w:body>{body}<w:sectPr/></w:body></w:document>",
        **{f"word/{name}": f"{_HEAD}{xml.replace('NAMES', _NAMES)}" for name, (_, xml) in kept.parts.items()},
        **kept.extra,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2022, 1, 10, 0, 0, 0)), text)
    return out.getvalue()


def saved_by_word() -> Saved:
    """As Word 2019 cuts it: runs split where fonts change and spelling is doubted, with styles and settings beside."""

    def runs(text: str) -> str:
        half = len(text) // 2
        fonts = '<w:rFonts w:ascii="仿宋" w:eastAsia="仿宋" w:hint="eastAsia"/><w:sz w:val="24"/>'
        return f'{run(text[:half], fonts)}<w:proofErr w:type="spellStart"/>{run(text[half:], fonts)}' if text else ""

    styles = (
        '<w:styles NAMES><w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/></w:style></w:styles>'
    )
    return Saved({"styles.xml": ("styles", styles)}, runs=runs)


def saved_by_wps() -> Saved:
    """As WPS saves it: its own properties, no styles, and runs that carry hints alone."""
    properties = (
        f'{_HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"'
        ' xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"><property'
        ' fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="KSOProductBuildVer">'
        "<vt:lpwstr>2052-11.1.0.11115</vt:lpwstr></property></Properties>"
    )

    def runs(text: str) -> str:
        return run(text, '<w:rFonts w:hint="eastAsia"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/>') if text else ""

    return Saved(extra={"docProps/custom.xml": properties}, runs=runs)


def _rels(inner: str) -> str:
    return (
        f'{_HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f"{inner}</Relationships>"
    )


def _xml(block: Block, runs: Callable[[str], str]) -> str:
    if isinstance(block, T):
        return f"<w:tbl><w:tblPr/>{''.join(_row(row, runs) for row in block.rows)}</w:tbl>"
    return paragraph(block if isinstance(block, P) else P(block), runs)


def paragraph(one: P, runs: Callable[[str], str] = run) -> str:
    """A paragraph as XML."""
    style = f'<w:pPr><w:pStyle w:val="{one.style}"/></w:pPr>' if one.style else ""
    return f"<w:p>{style}{one.xml or runs(one.text)}</w:p>"


def _row(row: "Sequence[str | C]", runs: Callable[[str], str]) -> str:
    return f"<w:tr>{''.join(_cell(cell if isinstance(cell, C) else C(cell), runs) for cell in row)}</w:tr>"


def _cell(cell: C, runs: Callable[[str], str]) -> str:
    merge = {"": "", "start": '<w:vMerge w:val="restart"/>', "on": "<w:vMerge/>"}[cell.merge]
    span = f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
    return f"<w:tc><w:tcPr>{span}{merge}</w:tcPr>{''.join(_paragraphs(cell, runs))}</w:tc>"


def _paragraphs(cell: C, runs: Callable[[str], str]) -> Iterator[str]:
    if isinstance(cell.text, str):
        yield from (paragraph(P(line), runs) for line in cell.text.split("\n"))
    elif isinstance(cell.text, P):
        yield paragraph(cell.text, runs)
    else:
        yield from (paragraph(one, runs) for one in cell.text)
