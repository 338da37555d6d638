"""Folders that a cluster reads and writes by address, as object storage, HDFS or a shared disk; by Spark's readers."""

# What is asked of Java has no names.
# ruff: noqa: FBT003

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ceping.bulk.request import Unreadable
from ceping.bulk.rows import check_columns
from ceping.bulk.session import reason_of
from ceping.core.finding import Finding, fault
from ceping.core.points import EVENT_COLUMNS

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://.+")
# A column in the words of Parquet's own footer: `optional binary event_id (STRING);`
_COLUMN = re.compile(r"^\s*(?:optional|required|repeated)\s+(\w+)\s+([^\s;(]+)\s*(?:\((.*)\))?\s*;", re.MULTILINE)
_INSTANTS = {("int64", "TIMESTAMP(MICROS,true)"), ("int64", "TIMESTAMP(MILLIS,true)"), ("int96", "")}
_TEXT = ("binary", "STRING")
# An object store answers each of these questions in some hundredths of a second.
_MOST_NAMED = 20


def is_address(text: str) -> bool:
    """Whether it names a place by a scheme, as s3a://bucket/folder, and not a path of this machine."""
    return _ADDRESS.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Far:
    """A Parquet file by its address: `label` is its name within what was given; bytes and rows."""

    address: str
    label: str
    size: int
    rows: int


class Store:
    """Files by address, asked of the machine that drives the cluster."""

    def __init__(self, spark: Any) -> None:  # noqa: ANN401 -- Spark's own types are not always there
        self._java = spark._jvm  # noqa: SLF001 -- the only way to Hadoop's file systems
        self._settings = spark._jsc.hadoopConfiguration()  # noqa: SLF001 -- as above

    def events_in(self, given: Sequence[str]) -> list[Far]:
        """Every Parquet file below these addresses, in the order given and by name, each looked into.

        Raises Unreadable with all that is wrong: nothing there, a broken file, columns missing or of another type.
        """
        found: list[Far] = []
        wrong: list[Finding] = []
        for number, address in enumerate(given, start=1):
            try:
                before = len(found) + len(wrong)
                for path, label, size in self._below(address):
                    try:
                        name = label if len(given) == 1 else f"{number}/{label}"
                        found.append(Far(path, name, size, self._looked_into(path, name)))
                    except Unreadable as refusal:
                        wrong += refusal.findings
                if len(found) + len(wrong) == before:
                    wrong.append(fault("points_folder_empty", file=address))
            except Unreadable as refusal:
                wrong += refusal.findings
        if wrong:
            raise Unreadable(*wrong[:_MOST_NAMED])
        return found

    def names_in(self, address: str) -> list[str]:
        """What lies right in that folder; nothing when it is not there. Raises Unreadable."""
        with self._told(address, "points_input_unreadable"):
            system, path = self._system(address)
            return sorted(one.getPath().getName() for one in system.listStatus(path)) if system.exists(path) else []

    def write(self, address: str, text: str) -> None:
        """The text is the whole file, all at once. Raises Unreadable."""
        with self._told(address, "points_out_unwritable"):
            system, path = self._system(address)
            stream = system.create(path, True)
            try:
                stream.write(bytearray(text.encode()))
            finally:
                stream.close()

    def put(self, local: Path, address: str) -> None:
        """A file of this machine stands at that address as well. Raises Unreadable."""
        with self._told(address, "points_out_unwritable"):
            system, path = self._system(address)
            system.copyFromLocalFile(False, True, self._path(str(local.resolve())), path)

    def remove(self, address: str) -> None:
        """Nothing is there any more; what cannot be removed is left, and told by whoever looks next."""
        with suppress(Unreadable), self._told(address, "points_out_unwritable"):
            system, path = self._system(address)
            system.delete(path, True)

    def _below(self, address: str) -> Iterator[tuple[str, str, int]]:
        with self._told(address, "points_input_unreadable"):
            system, path = self._system(address)
            if not system.exists(path):
                raise Unreadable(fault("points_input_missing", file=address))
            top = system.getFileStatus(path)
            root = top.getPath().toString().rstrip("/")
            files = []
            walk = system.listFiles(path, True)
            while walk.hasNext():
                one = walk.next()
                files.append((one.getPath().toString(), int(one.getLen())))
        for full, size in sorted(files):
            label = full.removeprefix(root).lstrip("/") or full.rpartition("/")[2]
            hidden = any(part.startswith(("_", ".")) for part in label.split("/"))
            if label.endswith(".parquet") and not hidden:
                yield full, label, size

    def _looked_into(self, address: str, label: str) -> int:
        from py4j.protocol import Py4JJavaError  # noqa: PLC0415 -- only where Spark is

        hadoop = self._java.org.apache.parquet.hadoop
        try:
            source = hadoop.util.HadoopInputFile.fromPath(self._path(address), self._settings)
            reader = hadoop.ParquetFileReader.open(source)
            try:
                text = reader.getFooter().getFileMetaData().getSchema().toString()
                rows = int(reader.getRecordCount())
            finally:
                reader.close()
        except Py4JJavaError as error:
            raise Unreadable(fault("points_parquet_malformed", file=label, reason=reason_of(error))) from None
        check_types(text, label)
        return rows

    def _system(self, address: str) -> tuple[Any, Any]:
        path = self._path(address)
        return path.getFileSystem(self._settings), path

    def _path(self, address: str) -> Any:  # noqa: ANN401 -- a Java value
        return self._java.org.apache.hadoop.fs.Path(address)

    @contextmanager
    def _told(self, address: str, code: str) -> Iterator[None]:
        from py4j.protocol import Py4JJavaError  # noqa: PLC0415 -- only where Spark is

        try:
            yield
        except Py4JJavaError as error:
            raise Unreadable(fault(code, file=address, reason=reason_of(error))) from None


def check_types(schema: str, label: str) -> None:
    """Raises Unreadable unless the schema, in the words of Parquet, has every column of events as it must be."""
    types = {name: (kind, note or "") for kind, name, note in _COLUMN.findall(schema)}
    check_columns(list(types), label, EVENT_COLUMNS)
    wrong = []
    for name in EVENT_COLUMNS:
        known = _INSTANTS if name == "occurred_at" else {_TEXT}
        if types[name] not in known:
            found = " ".join(filter(None, types[name]))
            wanted = "TIMESTAMP(MICROS,true)" if name == "occurred_at" else "STRING"
            wrong.append(fault("points_column_type", file=label, place=name, given=name, found=found, wanted=wanted))
    if wrong:
        raise Unreadable(*wrong)
