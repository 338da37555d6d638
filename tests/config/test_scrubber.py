"""No phone, no 18-digit code and no row of the database reaches a log, whichever way it came."""

import io
import json
import logging
import logging.config
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from ceping.config.logging import logging_for, scrubbed

PHONE, CODE, PERSON = "13800138000", "91310115MA1K4T7Q5X", "31010519491231002X"


@pytest.fixture(params=[True, False], ids=["json", "console"])
def written(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """Lines as the platform writes them, in either form; the loggers are as they were afterwards."""
    root, out = logging.getLogger(), io.StringIO()
    kept, level = root.handlers[:], root.level
    told = logging_for(as_json=request.param)
    told["handlers"]["console"]["stream"] = out
    logging.config.dictConfig(told)
    yield out
    root.handlers, root.level = kept, level
    structlog.reset_defaults()


@pytest.mark.parametrize(
    "text",
    [
        PHONE, f"+86{PHONE}", f"+86 {PHONE}", "138 0013 8000", "138-0013-8000", "１３８００１３８０００",
        "021-62345678", f"手机{PHONE}。", f"tel={PHONE},", CODE, CODE.lower(), PERSON, f"（{CODE}）", f"/x/{CODE}/",
    ],
)  # fmt: skip
def test_what_may_not_be_logged_is_hidden(text: str) -> None:
    assert sum(letter.isdigit() for letter in scrubbed(text)) < 4


@pytest.mark.parametrize(
    "text", ["2021-000-041-018", "2026-11-23T01:02:03.123456Z", "/report/128/part/3", "127.0.0.1:8000", "0.0123456789"]
)
def test_what_an_engineer_needs_stays(text: str) -> None:
    assert scrubbed(text) == text


@given(st.text(max_size=30), st.integers(0, 10**9 - 1), st.text(max_size=30))
def test_a_phone_between_anything_is_hidden(before: str, number: int, after: str) -> None:
    phone = f"13{number:09d}"
    assert phone not in scrubbed(f"{before}：{phone}，{after}")


def test_records_of_every_kind_are_clean(written: io.StringIO) -> None:
    log = logging.getLogger("ceping.somewhere")
    log.error("no account %s for %s", PHONE, {"uscc": CODE})
    structlog.get_logger("ceping.other").warning("refused", phone=PHONE, number=int(PHONE), nested={"a": [CODE]})
    logging.getLogger("django.request").error("Internal Server Error: /x/%s/", CODE)
    said = f"duplicate key\nDETAIL:  Key (name, phone)=(陈文静, {PHONE}) already exists."
    try:
        raise ValueError(said)  # noqa: TRY301 -- what is logged is its trace
    except ValueError:
        log.exception("failed")
    text = written.getvalue()
    assert "refused" in text
    assert "duplicate key" in text
    assert "Internal Server Error" in text
    for secret in (PHONE, CODE, "陈文静"):
        assert secret not in text


@pytest.mark.parametrize("written", [True], indirect=True)
def test_in_production_each_record_is_one_json_line(written: io.StringIO) -> None:
    logging.getLogger("ceping.x").warning("two\nlines", extra={"entry": 7})
    told = json.loads(written.getvalue())
    assert told["level"] == "warning"
    assert told["logger"] == "ceping.x"
    assert told["event"] == "two\nlines"
    assert told["timestamp"]


def test_what_the_database_says_of_a_value_is_hidden() -> None:
    told = 'invalid input syntax for type bigint: "陈文静x"\nLINE 1: SELECT 陈文静x\n'
    said = scrubbed(f"{told}DETAIL:  Failing row contains (1, 陈文静).")
    assert "陈文静" not in said
    assert "invalid input syntax" in said
