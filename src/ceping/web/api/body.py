"""The body of a request as JSON, read strictly: what another reader would understand otherwise is no answer here.

Python's own reader takes NaN, numbers beyond every float and a key twice; lone halves of letters break only later.
"""

import json
import re
from typing import Any, NoReturn, cast

from django.http import HttpRequest
from ninja.parser import Parser

from ceping.core.finding import fault, in_chinese
from ceping.web.api.problem import Problem

MOST_BYTES = 1024 * 1024
_MOST_DIGITS = 18
_HALF = re.compile(rb"\\u[dD][89a-fA-F]")


def check_body(request: HttpRequest) -> None:
    """Raises Problem for a body that is not read at all: too large, of unknown length, packed, or no JSON by name."""
    if request.method not in {"POST", "PUT"}:
        return
    meta = request.META
    if meta.get("HTTP_TRANSFER_ENCODING"):
        raise Problem(411, fault("api_body_length", most=MOST_BYTES))
    length = meta.get("CONTENT_LENGTH") or "0"
    if not length.isascii() or not length.isdigit():
        raise Problem(400, fault("api_body_length", most=MOST_BYTES))
    if int(length[:20]) > MOST_BYTES:
        raise Problem(413, fault("api_body_bytes", most=MOST_BYTES))
    if int(length[:20]) == 0:
        return
    if request.content_type != "application/json" or (request.encoding or "utf-8").lower() not in {"utf-8", "utf8"}:
        raise Problem(415, fault("api_body_kind"))
    if meta.get("HTTP_CONTENT_ENCODING", "identity") != "identity":
        raise Problem(415, fault("api_body_coded"))


class StrictParser(Parser):
    """As the module says."""

    def parse_body(self, request: HttpRequest) -> Any:  # noqa: ANN401 -- whatever JSON holds
        """The value. Raises Problem, 400."""
        try:
            text = request.body.decode("utf-8-sig")
            value = json.loads(
                text, object_pairs_hook=_once, parse_constant=_no_number, parse_int=_whole, parse_float=_with_point
            )
            if _HALF.search(request.body):
                json.dumps(value, ensure_ascii=False).encode()
        except UnicodeDecodeError:
            raise Problem(415, fault("api_body_kind")) from None
        except UnicodeEncodeError:
            raise Problem(400, fault("api_no_text")) from None
        except RecursionError:
            raise Problem(400, fault("api_body_deep")) from None
        except json.JSONDecodeError as error:
            raise Problem(400, fault("api_body_malformed", reason=in_chinese(str(error)))) from None
        if not isinstance(value, dict):
            raise Problem(400, fault("api_body_object"))
        return cast("dict[str, Any]", value)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Problem(400, fault("api_key_twice", given=ascii(twice)[1:41]))
    return found


def _no_number(given: str) -> NoReturn:
    raise Problem(400, fault("api_number", given=given))


def _whole(given: str) -> int:
    if len(given) > _MOST_DIGITS:
        raise Problem(400, fault("api_number", given=given[:_MOST_DIGITS] + "…"))
    return int(given)


def _with_point(given: str) -> int:
    # Nothing here is counted in fractions; a whole number may be written 3.0.
    whole, _, fraction = given.partition(".")
    if fraction and not fraction.strip("0"):
        return _whole(whole)
    raise Problem(400, fault("api_number", given=given[:_MOST_DIGITS]))
