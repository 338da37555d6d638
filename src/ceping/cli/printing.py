"""How every command speaks: findings as text or JSON, refusals, exit codes and a progress bar for people."""

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import NoReturn

import typer

from ceping.cli.wrong_use import language
from ceping.core.finding import Finding, Level

# Control characters and direction marks of a broken file must not steer the reader's terminal.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_WORDS = {
    "zh": {
        "error": "错误",
        "warning": "提醒",
        "block": "{level}{where}：{message}\n  → {remedy}",
        "count": "共 {errors} 处错误、{warnings} 处提醒。",
        "none": "没有发现问题。",
    },
    "en": {
        "error": "error",
        "warning": "warning",
        "block": "{level}{where}: {message}\n  → {remedy}",
        "count": "{errors} errors, {warnings} warnings.",
        "none": "No findings.",
    },
}
_COLOURS = {Level.ERROR: typer.colors.RED, Level.WARNING: typer.colors.YELLOW}


def print_findings(findings: Iterable[Finding], *, as_json: bool) -> None:
    """All findings stand on standard output, by file and place: text for people, or one JSON object of six-key rows."""
    ordered = in_order(findings)
    if as_json:
        rows = [finding.as_json(language()) for finding in ordered]
        print(json.dumps({"findings": rows}, ensure_ascii=False, indent=2))
        return
    words = _WORDS[language()]
    for finding in ordered:
        print(_block(finding, coloured=sys.stdout.isatty()))
    if not ordered:
        print(words["none"])
        return
    errors = sum(finding.level is Level.ERROR for finding in ordered)
    print(words["count"].format(errors=errors, warnings=len(ordered) - errors))


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """The same findings by file, place, code and values; row 9 stands before row 10, part 三 before part 五."""
    return sorted(findings, key=lambda one: (one.file, _natural(one.place), one.code, one.values))


def exit_for(findings: Sequence[Finding]) -> int:
    """0 when clean; 1 when there is any finding, a warning included."""
    return 1 if findings else 0


def refuse(reason: Finding | str, *, as_json: bool = False) -> NoReturn:
    """The command ends with code 2: what it was given cannot be read, or it was called wrongly."""
    if isinstance(reason, str):
        print(_seen(reason), file=sys.stderr)
    elif as_json:
        print_findings([reason], as_json=True)
    else:
        print(_block(reason, coloured=sys.stderr.isatty()), file=sys.stderr)
    raise typer.Exit(2)


@contextmanager
def progress(description: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """A function that moves the bar on by so many steps; silent unless standard error is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _steps: None
        return
    from rich.console import Console  # noqa: PLC0415 -- only people at a terminal wait for it
    from rich.progress import Progress  # noqa: PLC0415 -- as above

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(description, total=total)
        yield lambda steps: bar.advance(task, steps)


def _block(finding: Finding, *, coloured: bool) -> str:
    words = _WORDS[language()]
    level = words[finding.level.value]
    where = "".join(f" {part}" for part in (finding.file, finding.place) if part)
    return words["block"].format(
        level=typer.style(level, fg=_COLOURS[finding.level], bold=True) if coloured else level,
        where=_seen(where),
        message=_seen(finding.message(language())),
        remedy=_seen(finding.remedy(language())),
    )


def _seen(text: str) -> str:
    return _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", text)


# By code point 七 would stand before 三.
_NUMERALS = {ord(char): f"{number}" for number, char in enumerate("一二三四五六七八九十", start=1)}


def _natural(text: str) -> list[tuple[int, int, str]]:
    # int() of one run of digits is bounded: longer ones sort as text.
    parts = re.split(r"([0-9]{1,18})", text.translate(_NUMERALS))
    return [(0, int(part), "") if part.isdigit() and part.isascii() else (1, 0, part) for part in parts]
