"""The report page keeps what people wrote as text, allows nothing but itself, and stays readable without its script."""

import base64
import hashlib
import re
from collections import Counter
from copy import deepcopy
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from testbed.browser import needs_browser

from ceping.documents import page as page_module
from ceping.documents.page import embedded_json, report_page
from tests.factories.report_page import Page, Sample

HOSTILE = "</script><script>alert(1)</script><!--\"'&amp;\u2028\u2029</td><b onclick=x>甲\\u003c"
VENDOR = Path(page_module.__file__).parent / "vendor"


@pytest.fixture(scope="module")
def html(sample: Sample) -> str:
    return report_page(sample.values())


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


@pytest.fixture(scope="module")
def style(page: Page) -> str:
    (found,) = [text for tag, _, text in page.raw if tag == "style"]
    return found


def hostile(sample: Sample) -> str:
    results, verification = deepcopy(sample.results), deepcopy(sample.verification)
    for one in results["institutions"]:
        one["name"] = HOSTILE
        one["trace"]["grade"]["reason"] = HOSTILE
        for gate in one["trace"]["gates"]:
            gate["title"] = gate["note"] = gate["clause"] = HOSTILE
        for item in one["trace"]["items"].values():
            item["clause"] = HOSTILE
            item["rule"]["note"] = HOSTILE
    for one in verification["institutions"]:
        one["name"] = one["note"] = HOSTILE
    return report_page(sample.values(results=results, verification=verification, title=HOSTILE))


def test_what_people_wrote_stays_text(sample: Sample, page: Page) -> None:
    shown = Page(hostile(sample))
    # A note brings a line of its own; nothing else differs from the page of plain names.
    added = Counter(tag for tag, _ in shown.tags) - Counter(tag for tag, _ in page.tags)
    assert set(added) == {"br", "small"}
    assert [attributes.get("onclick") for _, attributes in shown.tags] == [None] * len(shown.tags)
    assert [one["name"] for one in shown.embedded["institutions"]] == [HOSTILE] * len(sample.results["institutions"])
    assert {row[1] for row in shown.table("t-intervals").body} == {HOSTILE}
    assert {row[8] for row in shown.table("t-items").body} == {item.leaf.clause for item in sample.scheme.scored}


def test_nothing_embedded_can_end_its_element(sample: Sample) -> None:
    values = sample.values(title=HOSTILE)
    assert set("<>&\u2028\u2029") & set(embedded_json(values)) == set()
    raw = re.findall(r"<script type=\"application/json\" id=\"data\">(.*?)</script>", hostile(sample), re.DOTALL)
    assert len(raw) == 1
    assert set("<>&\u2028\u2029") & set(raw[0]) == set()


def test_the_policy_names_what_stands_in_the_page_and_nothing_else(page: Page) -> None:
    (policy,) = [a["content"] for tag, a in page.tags if a.get("http-equiv") == "Content-Security-Policy"]

    def hashed(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    styles = [hashed(text) for tag, _, text in page.raw if tag == "style"]
    scripts = [hashed(text) for tag, attributes, text in page.raw if tag == "script" and "type" not in attributes]
    assert (len(styles), len(scripts)) == (1, 2)
    assert policy == (
        f"default-src 'none'; style-src {styles[0]}; script-src {scripts[0]} {scripts[1]}; "
        "base-uri 'none'; form-action 'none'"
    )


def test_the_policy_stands_before_what_it_governs(html: str) -> None:
    assert html.index("Content-Security-Policy") < html.index("<style>") < html.index("<script")


def test_nothing_is_fetched_and_nothing_is_styled_or_scripted_in_place(page: Page, style: str) -> None:
    leading_out = {
        "src",
        "srcset",
        "href",
        "action",
        "data",
        "poster",
        "background",
        "formaction",
        "ping",
        "xlink:href",
    }
    links = [(name, value) for _, attributes in page.tags for name, value in attributes.items() if name in leading_out]
    assert {name for name, _ in links} == {"href"}
    assert [value for _, value in links if not (value or "").startswith("#")] == []
    assert [name for _, attributes in page.tags for name in attributes if name == "style" or name[:2] == "on"] == []
    assert {"link", "iframe", "object", "embed", "img", "form", "base"} & {tag for tag, _ in page.tags} == set()
    assert re.findall(r"url\(|@import|@font-face", style) == []


def test_every_link_leads_into_the_page(page: Page) -> None:
    names = [attributes["id"] for _, attributes in page.tags if attributes.get("id")]
    assert len(names) == len(set(names))
    led = {(attributes["href"] or "")[1:] for tag, attributes in page.tags if tag == "a"}
    assert led - set(names) == set()
    labels = {attributes["aria-labelledby"] for _, attributes in page.tags if "aria-labelledby" in attributes}
    assert labels - set(names) == set()


def test_every_chart_has_its_table_without_a_script(page: Page) -> None:
    tables = {"bins": "t-bins", "boxes": "t-boxes", "intervals": "t-intervals", "calls": "t-calls", "rules": "t-rules"}
    charts = [attributes["data-chart"] for _, attributes in page.tags if "data-chart" in attributes]
    institutions = len(page.embedded["institutions"])
    assert sorted(charts) == sorted([*tables, *["radar"] * institutions])
    assert [len(page.table(name).body) > 0 for name in tables.values()] == [True] * len(tables)
    assert len([table for table in page.tables if table.kind == "items"]) == institutions
    # What needs the script is hidden until the script is there.
    hidden = [attributes for _, attributes in page.tags if attributes.get("class") == "tools"]
    assert len(hidden) == 3
    (said,) = [tag for tag, _ in page.tags if tag == "noscript"]
    assert said == "noscript"


def test_every_table_that_may_scroll_can_be_reached_by_key(page: Page) -> None:
    wrapped = [attributes for tag, attributes in page.tags if attributes.get("class") == "tw"]
    assert len(wrapped) == len([table for table in page.tables if table.id])
    assert {(one.get("role"), one.get("tabindex")) for one in wrapped} == {("region", "0")}
    labels = [one["aria-label"] for one in wrapped]
    assert len(set(labels)) == len(labels)


def block(style: str, start: str) -> str:
    """The rules between the braces that open after `start`."""
    begin = style.index("{", style.index(start)) + 1
    depth, at = 1, begin
    while depth:
        depth += {"{": 1, "}": -1}.get(style[at], 0)
        at += 1
    return style[begin : at - 1]


def test_paper_has_its_own_rules(style: str) -> None:
    paper = block(style, "@media print")
    assert "size:A4" in block(style, "@page{")
    assert "landscape" in block(style, "@page wide")
    for rule in (
        "thead{display:table-header-group}",
        "tr,figure,.figs{break-inside:avoid}",
        ".inst{break-before:page",
        "details::details-content{content-visibility:visible!important",
        ".many main>.sheet~.sheet,.many .inst{content-visibility:visible}",
    ):
        assert rule in paper
    hidden = re.search(r"([^}]*)\{display:none!important\}", paper)
    assert hidden is not None
    assert {".toc", ".tools", ".skip"} <= set(hidden[1].strip().split(","))
    grounds = set(re.findall(r"background(?:-color)?:([^;}!]+)", paper))
    grounds |= {colour for name, colour in tokens(paper).items() if name in GROUNDS}
    assert grounds == {"#fff", "none"}


GROUNDS = ("paper", "surface", "sunk", "sunk2", "tint", "warntint", "sealtint")


def tokens(style: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z0-9]+):(#[0-9a-f]{3,6})", style))


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(char * 2 for char in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("text", "grounds"),
    [
        ("ink", ("paper", "surface", "sunk", "sunk2", "tint")),
        ("ink2", ("paper", "surface", "sunk", "sunk2")),
        ("ink3", ("paper", "surface", "sunk", "tint")),
        ("act", ("paper", "surface", "sunk")),
        ("deep", ("paper", "surface", "sunk", "sunk2", "tint")),
        ("warn", ("warntint",)),
        ("sealdeep", ("surface", "sealtint")),
    ],
)
def test_texts_stand_out_from_their_grounds(style: str, text: str, grounds: tuple[str, ...]) -> None:
    for sheet in (style[: style.index("@media print")], style):
        known = tokens(sheet)
        for ground in grounds:
            light, dark = sorted((luminance(known[text]), luminance(known[ground])), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (text, ground)


def test_the_vendored_files_are_those_recorded() -> None:
    recorded = dict(line.split("  ")[::-1] for line in (VENDOR / "SHA256SUMS").read_text("utf-8").splitlines())
    found = {name: hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() for name in recorded}
    assert found == recorded
    licences = ("LICENSE-d3", "LICENSE-echarts", "LICENSE-tslib", "LICENSE-zrender", "NOTICE-echarts")
    assert tuple(sorted(recorded)) == (*licences, "echarts.js")
    program = (VENDOR / "echarts.js").read_text("utf-8")
    assert program.startswith("/*! Apache ECharts ")
    for name in ("LICENSE-zrender", "LICENSE-d3", "NOTICE-echarts"):
        assert (VENDOR / name).read_text("utf-8").strip() in program
    assert re.search(r"</script|<!--", program, re.IGNORECASE) is None


@pytest.mark.slow
@needs_browser
def test_a_browser_runs_the_script_under_the_policy(browser: Browser, sample: Sample, tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text(hostile(sample), encoding="utf-8")
    said: list[str] = []
    page = browser.new_page(viewport={"width": 1440, "height": 6000})
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto((tmp_path / "report.html").as_uri())
    page.locator("svg").nth(1).wait_for(state="attached")
    assert page.locator("html").get_attribute("class") == "js"
    assert f"显示 {len(sample.results['institutions'])} 家" in page.locator("body").inner_text()
    # Charts in sight are drawn, those of closed parts are not.
    assert page.locator("svg").count() <= 10
    assert said == []
