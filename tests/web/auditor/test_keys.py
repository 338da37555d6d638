"""What an entry of the journal holds is read in Chinese: every key recorded anywhere has a word."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import ceping
from ceping.web.auditor.keys import KEYS
from ceping.web.auditor.told import _body

# Of `record` and the helpers that end in it: what is no part of the body.
_OWN = {"by", "at", "role", "about", "chain", "reason", "body"}
_BODIES = {"body", "told"}


def keys_in(tree: ast.AST) -> Iterator[str]:
    """Keys of dicts given as or named body, set in one, or handed on by name to a helper that records."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "body":
            yield from texts(node.value)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name) and target.id in _BODIES:
                    yield from texts(node.value)
                elif isinstance(target, ast.Subscript) and getattr(target.value, "id", "") in _BODIES:
                    yield from (str(one.value) for one in [target.slice] if isinstance(one, ast.Constant))
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "").startswith(("record", "_record")):
            yield from (one.arg for one in node.keywords if one.arg and one.arg not in _OWN)


def texts(node: ast.expr) -> Iterator[str]:
    for one in ast.walk(node):
        if isinstance(one, ast.Dict):
            yield from (key.value for key in one.keys if isinstance(key, ast.Constant) and isinstance(key.value, str))


def test_every_key_recorded_anywhere_has_a_word() -> None:
    found: set[str] = set()
    for room in ("ground", "stages", "flow"):
        for path in (Path(ceping.__file__).parent / room).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            if re.search(r"import [^\n]*\brecord(_[a-z]+)?\b", text):
                found |= set(keys_in(ast.parse(text)))
    assert {"receipt", "attachment", "stayed", "scan", "closes_at", "weights"} <= found
    assert found - KEYS.keys() == set()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"receipt": "R-1", "main": True, "area": None}, "回执号 R-1；主要联系人 是"),
        ({"role": "recommender", "entries": [1, 2]}, "角色 推荐单位；参评编号 1、2"),
        ({"filters": {"role": "lead"}, "unknown": 3}, "筛选条件 （角色 测评机构负责人）；unknown 3"),
    ],
    ids=str,
)
def test_a_body_is_read_in_chinese(body: dict[str, object], said: str) -> None:
    assert _body(body) == said
