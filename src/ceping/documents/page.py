"""The report of an evaluation as one page that opens anywhere: no network, no server, readable without its script."""

import base64
import hashlib
import json
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ceping.core.exact import text_of
from ceping.documents.page_content import Institution, PageValues, Spread
from ceping.documents.page_reading import page_values

__all__ = ["PageValues", "chart_of", "chart_values", "page_values", "report_page"]

_HERE = Path(__file__).resolve().parent
_TEMPLATES = _HERE / "templates" / "report"
_CHARTS = _HERE / "vendor" / "echarts.js"
# What the charts are drawn with, here and on the platform's pages, and then what this page does beside them.
SCRIPTS = ("charts.js", "drawing.js", "report.js")
_ILLUSTRATIVE = "示例参数，官方文件未公布"
# What would end a script element, begin a comment in it, or a line in old readers of JSON.
_UNSAFE = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def report_page(page: PageValues) -> str:
    """The whole HTML file; the same values give the same bytes.

    Style and scripts stand in the page and are named by their hashes in its content policy, which allows nothing else.
    """
    style, charts, script = _text("report.css"), _CHARTS.read_text(encoding="utf-8"), _script()
    template = _environment().get_template("report.html.j2")
    return template.render(
        page=page,
        policy=_policy(style, charts, script),
        # Texts of this package, not of any institution: they stand as they are.
        style=Markup(style),  # noqa: S704
        charts=Markup(charts),  # noqa: S704
        script=Markup(script),  # noqa: S704
        embedded=Markup(embedded_json(page)),  # noqa: S704 -- what could end the element is escaped in it
        illustrative=_ILLUSTRATIVE,
    )


def embedded_json(page: PageValues) -> str:
    """What the charts draw, safe inside a script element."""
    shown = {**chart_values(page), "institutions": [chart_of(one) for one in page.institutions]}
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":")).translate(_UNSAFE)


def chart_values(page: PageValues) -> dict[str, Any]:
    """What the charts draw of all institutions together: numbers are the texts of results.json."""
    return {
        "full": page.full,
        "titles": {item.key: item.title for item in page.items},
        "bands": [[band.grade, band.begins] for band in page.bands if band.begins],
        "bins": [[one.low, one.high, one.count] for one in page.bins],
        "categories": [[one.id, one.title, _spread(one.totals)] for one in page.categories],
        "rules": [[rule.title, rule.points] for rule in page.rules],
        "peers": _peers(page),
    }


def _spread(spread: Spread | None) -> list[str] | None:
    return None if spread is None else [spread.least, spread.lower, spread.median, spread.upper, spread.most]


def _peers(page: PageValues) -> dict[str, dict[str, list[str] | None]]:
    peers: dict[str, dict[str, list[str] | None]] = {}
    for one in page.institutions:
        peers.setdefault(one.category, {}).update({item.key: _spread(item.peers) for item in one.items})
    return peers


def chart_of(one: Institution) -> dict[str, Any]:
    """What the charts draw of one institution."""
    rate = one.calls.rates[0] if one.calls is not None and one.calls.rates else None
    return {
        "uscc": one.uscc,
        "name": one.name,
        "category": one.category,
        "total": one.total,
        "grade": one.grade,
        "rank": one.rank,
        "rank_in_category": one.rank_in_category,
        "rank_interval": None if one.interval is None else list(one.interval),
        "scores": one.scores,
        "shares": {item.key: item.share for item in one.items if item.score is not None},
        "verification": None if rate is None or rate.value is None else [rate.value, rate.low, rate.high],
    }


def _policy(style: str, *scripts: str) -> str:
    allowed = " ".join(f"'{_hash(script)}'" for script in scripts)
    return f"default-src 'none'; style-src '{_hash(style)}'; script-src {allowed}; base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _text(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _script() -> str:
    return "".join(_text(name) for name in SCRIPTS)


@cache
def _environment() -> Environment:
    found = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    found.filters["percent"] = _percent
    found.filters["dash"] = _dash
    return found


def _percent(share: str | None) -> str:
    """A share of one in per cent, every digit kept."""
    return "—" if share is None else text_of(Decimal(share).scaleb(2)) + "%"


def _dash(value: object) -> str:
    return "—" if value is None or value == "" else str(value)
