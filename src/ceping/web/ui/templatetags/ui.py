"""Icons, findings and addresses in templates: `{% load ui %}`."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from django import template
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from ceping.stages.scheme.models import Season
from ceping.web.ui.chain import chain_of

register = template.Library()


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """An icon of `assets/icons.txt`, beside words and so silent; `size` is `lg` or nothing."""
    css = "i i-lg" if size == "lg" else "i"
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"></use></svg>', css, static("ui/vendor/icons.svg"), name
    )


@register.filter
def cells(texts: Iterable[str]) -> SafeString:
    """A row of plain cells: a long table is written by one expression instead of one a cell."""
    return mark_safe("".join([f"<td>{escape(text)}</td>" for text in texts]))  # noqa: S308 -- each text is escaped


@register.simple_tag(takes_context=True)
def query(context: Context, **changed: object) -> str:
    """The page's own address with some of its questions changed: `{% query page=2 %}`; None or "" takes one out."""
    asked = context["request"].GET.copy()
    for name, value in changed.items():
        if value is None or value == "":
            asked.pop(name, None)
        else:
            asked[name] = str(value)
    return f"?{asked.urlencode()}"


@register.inclusion_tag("ui/parts/findings.html")
def findings(told: object, title: str = "") -> Mapping[str, Any]:
    """Findings in words, errors before warnings; anything with `message`, `remedy` and `is_error`, or nothing."""
    return {"told": told, "title": title}


@register.inclusion_tag("ui/parts/chain.html", takes_context=True)
def chain(context: Context) -> Mapping[str, Any]:
    """The way of the page's `season`, nothing on a page without one."""
    season = context.get("season")
    return {"chain": chain_of(season, context["server_now"]) if isinstance(season, Season) else None}
