"""The dossier of an institution: report in Word and PDF, attachments under official names, hashes, as one ZIP.

The same report, attachments, scheme and program give the same bytes. A season's dossiers fill a folder that any run may
go on with: what is done and unchanged is kept, what was half done is made anew.
"""

import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ceping import __version__
from ceping.core.finding import Finding, Level, errors_in, fault
from ceping.core.report import Report, faults_in
from ceping.core.scheme.header import Period
from ceping.core.scheme.loading import Scheme
from ceping.documents.fonts.faces import SETTING, faces_from
from ceping.documents.kinds import suffix_of
from ceping.documents.report_files import report_files
from ceping.folder.attachments import REPORT, Gathered, Holding, listing_faults
from ceping.folder.attachments_naming import Wanted, clean, official_names
from ceping.folder.attachments_table import table_text
from ceping.folder.batch import Batch, Made, Piece, fill, left_in, sha256_of, still_right
from ceping.folder.manifest import MANIFEST
from ceping.folder.output import Refused
from ceping.folder.reports import weighed

COMMAND, MARKER = "dossier", "dossier.json"
INDEX = "目录.csv"
_HEADERS = ("uscc", "name", "dossier", "attachments", "sha256")
_FOLDER, _TABLE = "附件", "附件对照.csv"
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_ZIP_MODE = 0o100644 << 16
_UNIX = 3
_CHUNK = 1 << 20
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Job:
    """One institution's dossier to be made."""

    held: Holding
    scheme: Scheme
    period: Period


@dataclass(frozen=True, slots=True)
class _Entry:
    """A file of the archive: where it comes from, a path or its bytes."""

    name: str
    source: Path | bytes

    @property
    def sha256(self) -> str:
        """SHA-256 of the file, in hex."""
        if isinstance(self.source, bytes):
            return hashlib.sha256(self.source).hexdigest()
        return sha256_of(self.source)

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.source) if isinstance(self.source, bytes) else self.source.stat().st_size


def write_dossiers(
    batch: Batch,
    gathered: Gathered,
    *,
    only: Sequence[str] = (),
    workers: int = 0,
    step: Callable[[int], None] = lambda _: None,
) -> list[Finding]:
    """A ZIP for each institution, or for those named in `only`, stands in the folder of the batch; what was found.

    One whose report is missing or unreadable has none, and a finding says so.
    """
    findings = list(gathered.findings)
    for made in fill(batch, _pieces(gathered, only), make_dossier, workers=workers):
        findings += made.findings
        step(1)
    about = {"format": 1, "title": gathered.title, "ceping": __version__}
    if gathered.scheme is not None:
        about["scheme"] = gathered.scheme.label
    _write_index(batch, gathered, only)
    batch.finish(about, others=bool(only))
    return findings


def _pieces(gathered: Gathered, only: Sequence[str]) -> Iterator[Piece]:
    scheme, period = gathered.scheme, gathered.period
    if scheme is None or period is None:
        return
    for held in gathered.holdings:
        if not only or held.uscc in only:
            yield Piece(held.uscc, Job(held, scheme, period))


def make_dossier(job: Job, place: Path, former: Made | None, out: Path) -> Made:
    """The ZIP of one institution stands in `place`, unless a former one is still right or there is no report."""
    held, report = job.held, job.held.report
    if report is None:
        # Why a report that is there cannot be read has been said by who gathered it.
        there = held.report_path.is_file()
        found = [] if there else [fault("dossier_no_report", file=held.where or held.name, name=held.name)]
        return Made(held.uscc, "", {}, found)
    hashes = {name: sha256_of(held.folder / name) for name in held.names}
    inputs = _inputs(job, hashes)
    if former is not None and still_right(former, inputs, out):
        return replace(former, kept=True)
    findings = list(listing_faults(held))
    findings += _changed(held, hashes)
    # What would have stopped submission shows on every page.
    draft = bool(_stopping(report, job))
    if draft:
        file = f"{held.where.removesuffix('attachments')}{REPORT}"
        findings.append(fault("dossier_draft", file=file, level=Level.WARNING, name=held.name))
    faces, _ = faces_from(os.environ)
    printed = report_files(job.scheme, report, state="draft" if draft else "final", faces=faces)
    findings += [replace(one, file=held.where.removesuffix("/attachments")) for one in printed.findings]
    entries = [_Entry(name, data) for name, data in printed.files.items()]
    entries.append(_Entry(REPORT, held.report_path.read_bytes()))
    entries += _attachments(held, job.scheme, hashes)
    write_zip(place / zip_name(held), zip_name(held).removesuffix(".zip"), entries)
    return left_in(held.uscc, inputs, place, findings)


def zip_name(held: Holding) -> str:
    """The file name of an institution's dossier."""
    name = clean(held.name)[:_LONGEST]
    return f"{held.uscc}_{name}.zip"


def write_zip(path: Path, root: str, entries: Sequence[_Entry]) -> None:
    """The archive with its list of hashes: one date for all, in order of path, nothing compressed, any size."""
    lines = []
    with zipfile.ZipFile(path, "w", allowZip64=True) as archive:
        for one in sorted(entries, key=lambda entry: entry.name):
            lines.append(f"{one.sha256}  {one.name}\n")
            _add(archive, f"{root}/{one.name}" if root else one.name, one)
        listing = _Entry(MANIFEST, "".join(lines).encode())
        _add(archive, f"{root}/{MANIFEST}" if root else MANIFEST, listing)


def write_whole(batch: Batch, path: Path) -> None:
    """All dossiers of the folder with their index in one ZIP; the file is there whole or not at all."""
    names = sorted({name for made in batch.done.values() for name in made.files} | {INDEX, MARKER})
    part = path.with_name(f".{path.name[:100]}.{os.getpid()}.part")
    try:
        write_zip(part, "", [_Entry(name, batch.out / name) for name in names])
        part.replace(path)
    except OSError as error:
        raise Refused(fault("out_unwritable", path=path, reason=error.strerror or str(error))) from error
    finally:
        part.unlink(missing_ok=True)


def _add(archive: zipfile.ZipFile, name: str, one: _Entry) -> None:
    entry = zipfile.ZipInfo(name, _ZIP_DATE)
    entry.create_system, entry.external_attr, entry.file_size = _UNIX, _ZIP_MODE, one.size
    with archive.open(entry, "w") as into:
        if isinstance(one.source, bytes):
            into.write(one.source)
        else:
            with one.source.open("rb") as stream:
                shutil.copyfileobj(stream, into, _CHUNK)


def _inputs(job: Job, hashes: dict[str, str]) -> str:
    """The hash of all that decides what the archive holds."""
    told = {
        "ceping": __version__,
        "scheme": job.scheme.sha256,
        "period": [job.period.start.isoformat(), job.period.end.isoformat()],
        "fonts": os.environ.get(SETTING, ""),
        "name": job.held.name,
        "report": sha256_of(job.held.report_path),
        "files": hashes,
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _stopping(report: Report, job: Job) -> list[Finding]:
    return errors_in(weighed(one) for one in faults_in(report, job.scheme, job.period))


def _changed(held: Holding, hashes: dict[str, str]) -> Iterator[Finding]:
    for name, sha256 in hashes.items():
        if any(one.sha256 and one.sha256.lower() != sha256 for one in held.listed(name)):
            yield fault("attachment_changed", file=f"{held.where}/{name}".lstrip("/"), given=name[:80])


def _attachments(held: Holding, scheme: Scheme, hashes: dict[str, str]) -> list[_Entry]:
    """Every attachment as it is, under its official name, and the table of which was which."""
    checklist = scheme.form.checklist
    pictures = {*checklist.scan_suffixes, *checklist.picture_suffixes}
    wanted, rows = [], []
    for name in held.names:
        items = [one.item for one in held.listed(name) if one.item is not None and scheme.form.item(one.item)]
        suffix = "".join(char for char in suffix_of(name) if char.isascii() and char.isalnum())[:10] or "bin"
        wanted.append(Wanted(name, items[0] if items else None, suffix, 1 if suffix in pictures else None))
    entries = []
    for one, official in zip(wanted, official_names(wanted), strict=True):
        entries.append(_Entry(f"{_FOLDER}/{official[0]}", held.folder / one.source))
        row = {"uscc": held.uscc, "name": held.name, "file": one.source, "official": official[0]}
        rows.append({**row, "item": one.item or "", "by": "报告" if one.item else "", "sha256": hashes[one.source]})
    return [*entries, _Entry(_TABLE, table_text(rows).encode())]


def _write_index(batch: Batch, gathered: Gathered, only: Sequence[str]) -> None:
    """目录.csv: every institution with its archive, or with none."""
    done = batch.former | batch.done if only else batch.done
    rows: list[dict[str, object]] = []
    for held in gathered.holdings:
        made = done.get(held.uscc)
        row: dict[str, object] = {"uscc": held.uscc, "name": held.name, "attachments": len(held.names)}
        for name, sha256 in made.files.items() if made is not None else ():
            row |= {"dossier": name, "sha256": sha256}
        rows.append(row)
    (batch.out / INDEX).write_text(table_text(rows, _HEADERS), encoding="utf-8", newline="")
