"""Every module has a caption, a plain name and a bearable length; the core touches no float, clock or chance."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

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


class Read(NamedTuple):
    """What is asked of a module: the caption's first sentence, its lines, and which functions are too long."""

    caption: str
    lines: int
    long: list[str]


def read(text: str) -> Read:
    code = ast.parse(text)
    functions = [node for node in ast.walk(code) if isinstance(node, ast.FunctionDef)]
    long = [one.name for one in functions if (one.end_lineno or 0) - one.lineno + 1 > LONGEST_FUNCTION]
    return Read((ast.get_docstring(code) or "").split("\n\n")[0], len(text.splitlines()), long)


def captioned(module: Read) -> bool:
    return len(module.caption) > 15 and module.caption.endswith(".")


def bearable(module: Read) -> bool:
    return module.lines <= LONGEST_FILE and not module.long


# One test for all: of a thousand modules each its own test costs more than to read them.
@cache
def modules() -> dict[str, Read]:
    return {named(path): read(path.read_text(encoding="utf-8")) for path in MODULES}


def test_the_modules_are_found() -> None:
    assert len(CORE) > 5
    assert len(SOURCES) > len(CORE)
    assert len(modules()) == len(MODULES) > len(SOURCES)


def test_each_has_a_caption_of_one_sentence() -> None:
    assert {name: module.caption for name, module in modules().items() if not captioned(module)} == {}


def test_each_has_a_name_that_says_what_it_is() -> None:
    assert [path for path in SOURCES if says_nothing(path.relative_to(ROOT / "src/ceping"))] == []


def test_each_is_of_a_bearable_length() -> None:
    assert {name: module[1:] for name, module in modules().items() if not bearable(module)} == {}


def says_nothing(path: Path) -> bool:
    return any(SAYS_NOTHING & set(part.split("_")) for part in (*path.parts[:-1], path.stem))


def test_what_is_wrong_with_a_module_is_seen() -> None:
    """The twin of the three above: a module as it should be, and each fault alone."""
    caption, body = '"""Says what it is about."""\n', "def one():\n" + "    x = 1\n" * (LONGEST_FUNCTION - 1)
    good = read(caption + body)
    assert captioned(good)
    assert bearable(good)
    assert not any(captioned(read(text)) for text in ("", "x = 1\n", '"""Short."""', caption.replace(".", "")))
    assert not bearable(read(caption + body + "    x = 1\n"))
    assert bearable(read("\n" * LONGEST_FILE))
    assert not bearable(read("\n" * (LONGEST_FILE + 1)))
    assert says_nothing(Path("core/utils/one.py"))
    assert says_nothing(Path("core/one_helpers.py"))
    assert not says_nothing(Path("core/one.py"))


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


def test_the_core_is_pure() -> None:
    found = {named(path): list(impurities(ast.parse(path.read_text(encoding="utf-8")))) for path in CORE}
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "line",
    [
        *("x = 0.5", "x = 1e3", "x = float(y)", "import time", "from random import choice", "from math import exp"),
        *("x = datetime.now()", "x = date.today()", "print(x)", "path.write_text(x)", "x = a / b", "open(x)"),
    ],
)
def test_an_impure_line_is_seen(line: str) -> None:
    assert len(list(impurities(ast.parse(line)))) == 1
