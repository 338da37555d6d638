"""Every finding code has one text in each language with the same values, and every text belongs to a code."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path

from ceping.core.finding import texts

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "src/ceping").rglob("*.py"))
LANGUAGES = ("zh", "en")
OWN_VALUES = {"code", "file", "place", "level"}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def values_in(code: str, language: str) -> set[str]:
    entry = texts(language)[code]
    return placeholders(entry["message"]) | placeholders(entry["remedy"])


def faults() -> Iterator[tuple[str, str, set[str] | None]]:
    """Where a finding is made, its code, and the values given (None where they are handed on whole)."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="fault"), args=[ast.Constant(value=str(code)), *_], keywords=keywords):
                    given = {one.arg for one in keywords}
                    names = {name for name in given if name is not None} - OWN_VALUES
                    yield f"{path.name}:{node.lineno}", code, None if None in given else names
                case ast.Call(func=ast.Name(id="PydanticCustomError"), args=[ast.Constant(value=str(code)), *_]):
                    yield f"{path.name}:{node.lineno}", code, None


FAULTS = list(faults())


def test_faults_are_found() -> None:
    assert len(FAULTS) > 10


def test_both_languages_hold_the_same_codes() -> None:
    assert sorted(texts("zh")) == sorted(texts("en"))


def test_each_text_is_whole() -> None:
    for language in LANGUAGES:
        told = texts(language)
        assert [code for code, entry in told.items() if set(entry) != {"message", "remedy"}] == []
        assert [code for code, entry in told.items() if not all(part.strip() for part in entry.values())] == []


def test_both_languages_ask_for_the_same_values() -> None:
    assert [code for code in texts("zh") if values_in(code, "zh") != values_in(code, "en")] == []


def test_every_code_in_the_source_has_a_text() -> None:
    assert sorted({f"{where} {code}" for where, code, _ in FAULTS if code not in texts("zh")}) == []


def test_every_text_is_filled() -> None:
    """What a text asks for is given where the finding is made; what is given but not asked for is left over."""
    wrong = [
        (where, code, sorted(given ^ values_in(code, "zh")))
        for where, code, given in FAULTS
        if given is not None and code in texts("zh") and given != values_in(code, "zh")
    ]
    assert wrong == []


def test_every_text_is_used() -> None:
    words = {
        node.value
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert sorted(set(texts("zh")) - words) == []
