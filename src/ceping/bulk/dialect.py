"""The statements of the plan in the words of Spark: sqlglot translates, and here stands what it cannot know."""

from dataclasses import dataclass

from sqlglot import exp, parse_one

# The same number for the same two texts is all that is asked of it; a NULL takes part in neither engine's joins.
_RENAMED = {
    "HASH": "xxhash64",
    "MAKE_TIMESTAMPTZ": "timestamp_micros",
    "EPOCH_US": "unix_micros",
    "ROW": "struct",
}


@dataclass(frozen=True, slots=True)
class Order:
    """What a statement does to the table `name`: `query` fills it (`adds`: more of it), or `columns` alone are known.

    `kept` tables are computed once, views each time they are read.
    """

    name: str
    query: str = ""
    columns: str = ""
    adds: bool = False
    kept: bool = False


def order_of(statement: str) -> Order:
    """A CREATE or INSERT statement of the plan for Spark."""
    tree = parse_one(statement, dialect="duckdb")
    if isinstance(tree, exp.Insert):
        return Order(tree.this.name, query=_in_spark(tree.expression), adds=True)
    if not isinstance(tree, exp.Create):
        raise TypeError(f"no statement of a plan: {statement[:60]}")
    if isinstance(tree.this, exp.Schema):
        columns = ", ".join(column.sql(dialect="spark") for column in tree.this.expressions)
        return Order(tree.this.this.name, columns=columns)
    return Order(tree.this.name, query=_in_spark(tree.expression), kept=tree.kind == "TABLE")


def _in_spark(tree: exp.Expr) -> str:
    return tree.copy().transform(_translated).sql(dialect="spark")


def _translated(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.RegexpFullMatch):
        # `$` would let a line end pass behind the text.
        whole = exp.Literal.string(f"^(?:{node.expression.name})\\z")
        return exp.RegexpLike(this=node.this, expression=whole)
    name = node.name.upper() if isinstance(node, exp.Anonymous) else ""
    if name in _RENAMED:
        return exp.Anonymous(this=_RENAMED[name], expressions=node.expressions)
    return node
