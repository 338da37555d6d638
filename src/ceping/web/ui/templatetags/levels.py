"""Levels of shops as icons, and what things cost, in templates: `{% load levels %}`."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from ceping.stages.points.queries import Stand, rules_in_force

register = template.Library()
_SHAPES = {
    "star": "M8 .9l2.1 4.6 5 .6-3.7 3.4 1 5L8 12l-4.4 2.5 1-5L.9 6.1l5-.6z",
    "diamond": "M8 .4 13.9 8 8 15.6 2.1 8zM7.4 3.4l.9.7-3.2 4.2-.9-.7z",
    "crown": "M1 3.6 4.6 7 8 1.6 11.4 7 15 3.6 13.9 11H2.1zM2.1 12.4h11.8v2.2H2.1z",
}


@register.simple_tag
def level(stand: Stand, size: str = "") -> SafeString:
    """The level drawn as stars, diamonds or crowns, with its spoken name; `size` is `lg` or nothing."""
    return _drawn(stand.level, stand.rank, stand.name, size)


@register.simple_tag
def level_of(name: str, rank: int, said: str) -> SafeString:
    """As `level`, of a level without a shop."""
    return _drawn(name, rank, said, "")


@register.filter
def yuan(fen: int | None) -> str:
    """An amount in fen as yuan, without cents where there are none."""
    if fen is None:
        return ""
    whole, rest = divmod(fen, 100)
    return f"{whole:,}.{rest:02}" if rest else f"{whole:,}"


@register.filter
def masked_name(name: str) -> str:
    """A person's name as strangers may read it: the first and, from three characters on, the last one."""
    if len(name) <= 1:
        return name or "匿名"
    return f"{name[0]}*" if len(name) == 2 else f"{name[0]}*{name[-1]}"


def ladder() -> list[tuple[str, int, str, int, int | None]]:
    """Every level from the lowest: its word, rank, spoken name, first and last points."""
    points = rules_in_force().points
    names = {one.level: one.name for one in points.level_names}
    return [(one.level, one.rank, f"{one.rank} {names[one.level]}", one.least, one.most) for one in points.levels]


def _drawn(name: str, rank: int, said: str, size: str) -> SafeString:
    shape = _SHAPES.get(name)
    if shape is None:
        return format_html('<span class="cp-level none">{}</span>', said)
    one = f'<svg viewBox="0 0 16 16" aria-hidden="true"><path fill-rule="evenodd" d="{shape}"/></svg>'
    icons = mark_safe(one * rank)  # noqa: S308 -- drawn here alone
    css = f"{name} {size}".strip()
    return format_html(
        '<span class="cp-level {}" role="img" aria-label="{}" title="{}">{}</span>', css, said, said, icons
    )
