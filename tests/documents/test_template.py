"""An organiser's own Word template: filled from the dictionary alone, refused with a reason for anything else."""

import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import docx
import pytest

from ceping.core.finding import Finding
from ceping.core.report import Report, read_report
from ceping.core.scheme.loading import Scheme, load
from ceping.core.scheme.shipped import shipped_folders
from ceping.documents.forms.report_marks import marks_of
from ceping.documents.forms.report_words import dictionary_of, words_of
from ceping.documents.template import fill_template
from ceping.documents.template_filling import fill
from tests.factories.report import complete_report
from tests.factories.word import texts_of

ROWS = [
    ["企业", "联系人"],
    ["{%tr for row in clients %}", ""],
    ["{{ row.name }}", "{{ row.contact }}"],
    ["{%tr endfor %}", ""],
]


def template(
    path: Path, *paragraphs: str | Sequence[str], rows: Sequence[Sequence[str]] = (), header: str = "", title: str = ""
) -> Path:
    """A template as Word would save it; a paragraph in pieces stands in as many runs."""
    file = docx.Document()
    for one in paragraphs:
        paragraph = file.add_paragraph()
        for piece in [one] if isinstance(one, str) else one:
            paragraph.add_run(piece)
    if rows:
        table = file.add_table(len(rows), len(rows[0]))
        for given, row in zip(rows, table.rows, strict=True):
            for text, cell in zip(given, row.cells, strict=True):
                cell.text = text
    file.sections[0].header.paragraphs[0].text = header
    file.core_properties.title = title
    file.save(str(path / "template.docx"))
    return path / "template.docx"


def scheme() -> Scheme:
    found, _ = load("shanghai-2021")
    assert found is not None
    return found


def report(**changes: object) -> Report:
    found, _ = read_report(complete_report(**changes))  # type: ignore[arg-type]
    assert found is not None
    return found


def filled(path: Path, one: Report | None = None) -> tuple[list[bytes], list[Finding]]:
    one = one or report()
    marks = marks_of(scheme(), one)
    words = words_of(scheme(), one, dated=date(2022, 1, 15), marks=marks, draft=False)
    return fill_template(path, dictionary_of(scheme()), [words])


def told(path: Path) -> list[tuple[str, str]]:
    """The codes with what is wrong, each readable in both languages; nothing was filled. In this process: so many."""
    known = dictionary_of(scheme())
    answer = fill(path, known={"names": [*known.names], "tables": known.tables}, told={"names": {}, "tables": {}})
    assert answer["docx"] == ""
    for code, place, values in answer["faults"]:
        one = Finding(code, path.name, place, tuple(values.items()))
        assert one.message("zh")
        assert one.remedy("en")
    return [(code, values.get("given", "")) for code, _, values in answer["faults"]]


def test_names_and_rows_are_filled_in(tmp_path: Path) -> None:
    path = template(
        tmp_path,
        "{{ report_title }}",
        ["统一社会信用代码：{{", " uscc", " }}（{{report_", "dated}}）"],
        "{{ independent_boxes }} {{categories}}",
        rows=ROWS,
        header="编号 {{ report_number }}",
    )
    [data], findings = filled(path, report(client_count=3))
    assert findings == []
    assert texts_of(data) == [
        "2021年中小企业服务质量第三方测评自评报告",
        "统一社会信用代码：91310199MA0000A197（2022年1月15日）",
        "■是      □否 科技创新类、管理咨询类",
        *("企业", "联系人", "上海甲乙科技1有限公司", "联系人1"),
        *("上海甲丙科技2有限公司", "联系人2", "上海甲丁科技3有限公司", "联系人3"),
    ]
    assert docx.Document(io.BytesIO(data)).sections[0].header.paragraphs[0].text == "编号 2021-91310199MA0000A197"
    assert filled(path, report(client_count=3))[0] == [data]


def test_answers_are_text_and_nothing_else(tmp_path: Path) -> None:
    nasty = "<w:p/>&amp;{{ uscc }}{% for x in y %}\n第二行"
    [data], _ = filled(template(tmp_path, "简介：{{ introduction }}"), report(answers={"introduction": nasty}))
    assert texts_of(data) == [f"简介：{nasty}"]


def test_what_is_not_answered_is_empty(tmp_path: Path) -> None:
    [data], _ = filled(
        template(
            tmp_path, "[{{ fee_note }}]", rows=[["{%tr for x in investors %}"], ["{{ x.name }}"], ["{%tr endfor %}"]]
        )
    )
    assert texts_of(data) == ["[]"]


def test_anything_but_a_name_is_refused_by_its_words(tmp_path: Path) -> None:
    refused = [
        "{{ uscc|upper }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ 1 + 1 }}",
        "{{ range(10**9) }}",
        "{{ uscc() }}",
        "{{ uscc[0] }}",
        "{% if uscc %}",
        "{% set x = 1 %}",
        "{% include 'x' %}",
        "{% raw %}",
        "{# 注 #}",
        "{{r uscc }}",
        "{{p uscc }}",
        "{%p for row in clients %}",
        "{%tr if uscc %}",
        "{% hm %}",
        "{{- uscc }}",
        "{{ }}",
        "{{",
        "}}",
        "{%",
    ]
    answers = told(template(tmp_path, "{{ uscc }}", "{{ uscc.__class__ }}", *(f"前 {text} 后" for text in refused)))
    assert answers == [
        ("template_row_outside", "{{ uscc.__class__ }}"),
        *(("template_tag_refused", text) for text in refused),
    ]


def test_unknown_names_are_told_together_with_those_that_are_known(tmp_path: Path) -> None:
    rows = [ROWS[0], ROWS[1], ["{{ row.name }}", "{{ row.mobile }}"], ROWS[3]]
    files, findings = filled(template(tmp_path, "{{ 机构 }}{{ nam }}{{ uscc }}", rows=rows))
    assert files == []
    assert [(one.code, dict(one.values)["given"]) for one in findings] == [
        ("template_name_unknown", "{{ 机构 }}、{{ nam }}"),
        ("template_name_unknown", "{{ row.mobile }}"),
    ]
    assert dict(findings[0].values)["known"].startswith("report_title、report_period、")
    assert findings[1].remedy() == "可用的：name、contact、phone、service"


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([["{%tr for row in customers %}"], ["{{ row.name }}"], ["{%tr endfor %}"]], "template_table_unknown"),
        ([["{%tr for row in clients %}"], ["{{ row.name }}"]], "template_loop_open"),
        ([["{{ row.name }}"], ["{%tr endfor %}"]], "template_row_outside"),
        ([["{%tr for row in clients %}{{ row.name }}{%tr endfor %}"]], "template_tag_misplaced"),
        ([["{%tr for row in clients %}{{ uscc }}"], ["{{ row.name }}"], ["{%tr endfor %}"]], "template_tag_misplaced"),
        ([["{% for row in clients %}"], ["{{ row.name }}"], ["{% endfor %}"]], "template_loop_misplaced"),
        (
            [["{%tr for a in clients %}"], ["{%tr for b in team %}"], ["{%tr endfor %}"], ["{%tr endfor %}"]],
            "template_loop_misplaced",
        ),
    ],
)
def test_a_loop_that_does_not_hold_is_refused(tmp_path: Path, rows: list[list[str]], code: str) -> None:
    assert told(template(tmp_path, "{{ uscc }}", rows=rows))[0][0] == code


def test_what_is_no_template_is_refused(tmp_path: Path) -> None:
    assert told(template(tmp_path, "没有占位符")) == [("template_without_names", "")]
    assert told(template(tmp_path, "{{ uscc }}", title="{{ uscc }}")) == [("template_tag_misplaced", "{{ uscc }}")]
    other = tmp_path / "other.docx"
    other.write_bytes(b"no archive")
    assert filled(other)[0] == []
    assert [one.level.value for one in filled(other)[1]] == ["error"]


def test_every_scheme_has_a_dictionary_that_its_words_fill() -> None:
    for name in shipped_folders():
        found, _ = load(name)
        assert found is not None
        empty = Report(found.id, "", "")
        words = words_of(found, empty, dated=date(2022, 1, 15), marks=marks_of(found, empty), draft=True)
        known = dictionary_of(found)
        assert set(words.names) == set(known.names)
        assert set(words.tables) == set(known.tables)
        assert words.names["report_state"] == "草稿"
