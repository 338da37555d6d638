"""What is asked of a points run, and what a finished run answers."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from ceping.core.finding import Finding
from ceping.core.points import Window
from ceping.core.scheme.points import PointsFile

_MEMORY = re.compile(r"([0-9]{1,6})(MB|GB|TB)", re.ASCII)


class Engine(StrEnum):
    """Who computes: all give the same files."""

    DUCKDB = "duckdb"
    REFERENCE = "reference"
    SPARK = "spark"


class FileFormat(StrEnum):
    """How totals, ledger and refused rows are written: one file each, or a data set in parts each."""

    CSV = "csv"
    PARQUET = "parquet"
    DATASET = "dataset"


class Encoding(StrEnum):
    """The encoding of CSV and JSON Lines files."""

    UTF8 = "utf-8"
    GB18030 = "gb18030"


class Unreadable(Exception):
    """What was given cannot be read or used; nothing was written."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__(*findings)
        self.findings = list(findings)


def is_memory(text: str) -> bool:
    """Whether it says how much memory, as 2GB or 500MB; 100 MB are the least that any run can do with."""
    size = _MEMORY.fullmatch(text)
    return size is not None and int(size[1]) >= (100 if size[2] == "MB" else 1)


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where Spark computes: its master, as `spark://host:7077`, `yarn`, `k8s://…` or `local[4]`, and settings of it."""

    master: str
    settings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """One points run. `scheme` is `id@version`; `threads` 0 means one a core; events are files or folders.

    With `only` the events of other shops are passed over: rows of one shop are never judged by those of another. With
    `burst_least` the run answers the minutes with so many orders of one shop (DuckDB alone). Without `cluster` Spark
    computes on this machine.
    """

    points: PointsFile
    scheme: str
    scheme_sha256: str
    shops: Path
    events: tuple[Path, ...]
    window: Window
    engine: Engine = Engine.DUCKDB
    memory: str = "2GB"
    threads: int = 0
    format: FileFormat = FileFormat.CSV
    encoding: Encoding = Encoding.UTF8
    only: str = ""
    burst_least: int = 0
    cluster: Cluster | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One input file: its name relative to what was given, and its form (csv, jsonl, parquet)."""

    label: str
    path: Path
    form: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of one input file."""

    label: str
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class Burst:
    """A minute of a shop, as `2021-03-01 10:00` of local time, and the orders that stand in it."""

    shop_id: str
    minute: str
    orders: int


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run: how many shops, events, refused rows and ledger lines, the points of all, what was read."""

    shops: int
    events: int
    refused: int
    entries: int
    points: int
    levels: dict[tuple[str, int], int]
    seconds: float
    readings: list[Reading] = field(default_factory=list)
    bursts: list[Burst] = field(default_factory=list)
