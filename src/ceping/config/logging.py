"""What is logged and how: one line a record, JSON in production, no phone, credit code or row of a table in it."""

import re
import sys
from collections.abc import MutableMapping
from logging import LogRecord
from typing import Any

import structlog

_HIDDEN = "〔已隐去〕"
# As people write them: with spaces or hyphens between the groups, +86 before, full-width digits (\d counts those).
_NUMBERS = re.compile(
    r"(?<!\d)(?<!\d\.)(?:\+?86[-\s]?)?[1１][3-9３-９]\d[-\s]?\d{4}[-\s]?\d{4}(?!\d)"  # a mobile number
    r"|(?<!\d)[0０]\d{2,3}[-\s]\d{7,8}(?!\d)"  # a line with its area code
)
# A credit code or an identity number; case does not matter, and one typed with a letter too many is hidden as well.
_CODES = re.compile(r"(?<![0-9A-Za-z])(?=[0-9A-Za-z]*\d{6})[0-9A-Za-z]{18}(?![0-9A-Za-z])")
# PostgreSQL repeats the row it refused and the statement's line; the words before depend on the server's language.
_ROWS = re.compile(r"(?m)^\s*(?:DETAIL|CONTEXT|LINE \d+|描述|详细信息|背景)\s*[:：].*$")
_QUOTED = re.compile(r"(invalid input syntax[^:\n]*:)\s.*$|(value too long[^:\n]*:)\s.*$", re.MULTILINE)


def scrubbed(text: str) -> str:
    """The text without telephone numbers, 18-digit codes and what the database says of a row."""
    text = _ROWS.sub(f"DETAIL: {_HIDDEN}", text)
    text = _QUOTED.sub(lambda found: f"{found[1] or found[2]} {_HIDDEN}", text)
    return _CODES.sub(_HIDDEN, _NUMBERS.sub(_HIDDEN, text))


def scrub(_logger: object, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A processor: every text of the record is scrubbed, however deep it lies; other values by how they are shown."""
    for key in list(event):
        event[key] = _scrubbed(event[key])
    return event


class Scrubbing(structlog.stdlib.ProcessorFormatter):
    """The last look at the finished line, for what a renderer put together."""

    def format(self, record: LogRecord) -> str:
        """The line."""
        return scrubbed(super().format(record))


def logging_for(*, as_json: bool) -> dict[str, Any]:
    """The dictionary Django's LOGGING takes: everything to standard error, through the scrubber."""
    stamp = structlog.processors.TimeStamper(fmt="iso", utc=True)
    before: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(allow=()),
        stamp,
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    after = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.processors.format_exc_info]
    structlog.configure(
        processors=[*before, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {"()": Scrubbing, "foreign_pre_chain": before, "processors": [*after, scrub, renderer]},
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            # Django's own handlers would mail and print past the scrubber.
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.server": {"handlers": [], "level": "INFO", "propagate": True},
            "procrastinate": {"level": "WARNING"},
            "psycopg.pool": {"level": "ERROR"},
        },
    }


def _scrubbed(value: object) -> object:
    match value:
        case None | bool() | float():
            return value
        case int():
            return value if scrubbed(str(value)) == str(value) else _HIDDEN
        case str():
            return scrubbed(value)
        case dict():
            return {key: _scrubbed(one) for key, one in value.items()}
        case list() | tuple():
            return [_scrubbed(one) for one in value]
        case _:
            return scrubbed(str(value))
