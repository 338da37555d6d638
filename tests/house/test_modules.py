"""Every module has a caption, a plain name and a bearable length; the core touches no float, clock or chance."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Migrations are written by Django; what they do is read in their models.
SOURCES = sorted(path for path in (ROOT / "src/ceping").rglob("*.py") if path.parent.name != "migrations")
MODULES = [*SOURCES, *sorted((ROOT / "tests").rglob("*.py"))]
CORE = [path for path in SOURCES if "core" in path.relative_to(ROOT / "src/ceping").parts[:1]]

SAYS_NOTHING = {"utils", "helpers", "common", "misc", "manager", "service", "data", "info", "process", "handle"}
LONGEST_FILE = 350
LONGEST_FUNCTION = 60

# What would let a clock, chance, a binary fraction or a file written into the rules.
NOT_IN_CORE = {
    "modules": {"django", "os", "random", "secrets", "time", "uuid", "subprocess", "socket", "math", "statistics"},
    "names": {"float", "print", "input", "open"},
    "attributes": {"now", "today", "utcnow", "write_text", "write_bytes", "mkdir", "unlink", "from_float"},
}
WHOLE_NUMBERS = {"comb", "gcd", "isqrt", "lcm"}


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_the_modules_are_found() -> None:
    assert len(CORE) > 5
    assert len(SOURCES) > len(CORE)


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_caption_of_one_sentence(path: Path) -> None:
    first = (ast.get_docstring(tree(path)) or "").split("\n\n")[0]
    assert len(first) > 15
    assert first.endswith(".")


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_a_name_that_says_what_it_is(path: Path) -> None:
    parts = [*path.relative_to(ROOT / "src/ceping").parts[:-1], path.stem]
    assert [part for part in parts if SAYS_NOTHING & set(part.split("_"))] == []


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_bearable_length(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= LONGEST_FILE
    functions = [node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef)]
    assert [one.name for one in functions if (one.end_lineno or 0) - one.lineno + 1 > LONGEST_FUNCTION] == []


def impurities(code: ast.Module) -> Iterator[str]:
    for node in ast.walk(code):
        match node:
            case ast.Constant(value=float() | complex()):
                yield f"line {node.lineno}: {node.value}"
            case ast.Import(names=names):
                yield from (one.name for one in names if one.name.split(".")[0] in NOT_IN_CORE["modules"])
            case ast.ImportFrom(module="math", names=names) if {one.name for one in names} <= WHOLE_NUMBERS:
                continue
            case ast.ImportFrom(module=str(module)) if module.split(".")[0] in NOT_IN_CORE["modules"]:
                yield module
            case ast.Name(id=name) if name in NOT_IN_CORE["names"]:
                yield f"line {node.lineno}: {name}"
            case ast.Attribute(attr=name) if name in NOT_IN_CORE["attributes"]:
                yield f"line {node.lineno}: .{name}"
            case ast.BinOp(op=ast.Div(), left=left, right=right) if not (is_folder(left) or is_text(right)):
                yield f"line {node.lineno}: / divides by no declared rounding; exact.quotient does"


def is_folder(node: ast.expr) -> bool:
    # `FOLDER / name` joins a path, as `base / "name.toml"` does.
    return isinstance(node, ast.Name) and re.search("folder|path|texts|schemes", node.id.lower()) is not None


def is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


@pytest.mark.parametrize("path", CORE, ids=named)
def test_the_core_is_pure(path: Path) -> None:
    assert list(impurities(tree(path))) == []


@pytest.mark.parametrize(
    "line",
    [
        *("x = 0.5", "x = 1e3", "x = float(y)", "import time", "from random import choice", "from math import exp"),
        *("x = datetime.now()", "x = date.today()", "print(x)", "path.write_text(x)", "x = a / b", "open(x)"),
    ],
)
def test_an_impure_line_is_seen(line: str) -> None:
    assert len(list(impurities(ast.parse(line)))) == 1
