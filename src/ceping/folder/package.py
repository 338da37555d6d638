"""A season sealed as a package from which anyone computes its results again: full, or public and without persons."""

import json
import os
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from ceping import __version__
from ceping.bulk.request import Encoding
from ceping.core.finding import Finding, Level, fault
from ceping.core.scheme.entry import FormField
from ceping.core.scheme.metrics import FromField
from ceping.core.scheme.shipped import folder_of
from ceping.folder.evaluation import Evaluated, evaluate_folder
from ceping.folder.manifest import (
    MANIFEST,
    MARKER,
    RESULTS,
    SCHEME,
    files_in,
    is_listable,
    is_package,
    write_manifest,
)
from ceping.folder.output import Refused, check_output, replacing
from ceping.folder.public_season import write_public_season
from ceping.folder.season import Season

COMMAND = "package"
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_ZIP_MODE = 0o100644 << 16
_UNIX = 3


@dataclass(frozen=True, slots=True)
class Request:
    """What is packed and where to; `results` are results published before, which the season must still give."""

    season: Path
    out: Path
    public: bool = False
    zip_to: Path | None = None
    results: Path | None = None
    encoding: Encoding = Encoding.UTF8
    scheme_folder: Path | None = None


@dataclass(frozen=True, slots=True)
class Packed:
    """What came of it: the findings, and how many files of how many bytes; no files when nothing was written."""

    findings: list[Finding]
    files: int = 0
    size: int = 0

    @property
    def done(self) -> bool:
        """Whether a package was written."""
        return self.files > 0


def pack(request: Request) -> Packed:
    """The package stands in `out`, and in the zip file, or nothing was written; raises output.Refused for places."""
    check_output(request.out, command=COMMAND, season=request.season, marker=MARKER)
    _check_zip(request)
    with TemporaryDirectory(prefix="ceping-package-") as scratch:
        computed = Path(scratch) / "results"
        evaluated = evaluate_folder(
            request.season, computed, encoding=request.encoding, scheme_folder=request.scheme_folder
        )
        if evaluated.season is None or evaluated.outcome is None:
            return Packed(evaluated.findings)
        faults = _faults_of(request, evaluated.season, computed)
        if faults:
            return Packed([*evaluated.findings, *faults])
        return _written(request, evaluated, computed, Path(scratch) / "again")


def _faults_of(request: Request, season: Season, computed: Path) -> list[Finding]:
    faults = []
    if season.terms.pseudonymised:
        faults.append(fault("package_of_public", file="season.toml", place="pseudonymised"))
    if request.results is not None:
        published = request.results / RESULTS
        if not published.is_file():
            faults.append(fault("results_unreadable", path=request.results, reason="没有 results.json"))
        elif published.read_bytes() != (computed / RESULTS).read_bytes():
            faults.append(fault("package_results_differ", file=str(published)))
    if not request.public:
        names = (path.relative_to(season.folder).as_posix() for path in _kept(season))
        faults += [fault("package_name_unfit", file=repr(name)[1:-1]) for name in names if not is_listable(name)]
    return faults


def _free_texts(request: Request, season: Season) -> list[Finding]:
    """What a person should look at before publishing: metrics whose value is whatever an institution wrote."""
    metrics, fields = season.scheme.indicators.metrics, season.scheme.form.field_by_id
    return [
        fault(
            "package_free_text", file="scheme/indicators.toml", place=f"metric.{name}", level=Level.WARNING, title=title
        )
        for name, title, source in (
            (name, one.title, source) for name, one in metrics.items() for _, source in one.sources()
        )
        if request.public and isinstance(source, FromField) and _is_free(fields.get(source.field))
    ]


def _is_free(field: FormField | None) -> bool:
    return field is not None and field.type in ("text", "long_text", "phone", "email")


def _written(request: Request, evaluated: Evaluated, computed: Path, again: Path) -> Packed:
    season, outcome = evaluated.season, evaluated.outcome
    assert season is not None  # noqa: S101 -- the caller has looked
    assert outcome is not None  # noqa: S101 -- as above
    with replacing(request.out, command=COMMAND, marker=MARKER) as draft:
        if request.public:
            write_public_season(season, outcome, computed / "points", draft)
        else:
            _copy_season(season, draft)
        _copy_scheme(request, season, draft / SCHEME)
        shutil.copyfile(computed / RESULTS, draft / RESULTS)
        told = {"command": COMMAND, "format": 1, "kind": "public" if request.public else "full"}
        told |= {"season": season.terms.title, "scheme": season.scheme.label, "ceping": __version__}
        told["encoding"] = Encoding.UTF8.value if request.public else evaluated.encoding.value
        text = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
        (draft / MARKER).write_text(text, encoding="utf-8", newline="\n")
        write_manifest(draft)
        # The promise of a public package is tried before it leaves the house.
        tried = evaluate_folder(draft, again) if request.public else evaluated
        if not tried.done:
            (draft / MARKER).unlink()
            return Packed([*evaluated.findings, *tried.findings])
        names = files_in(draft)
        size = sum((draft / name).stat().st_size for name in names)
        if request.zip_to is not None:
            _write_zip(draft, names, request.zip_to)
    return Packed([*evaluated.findings, *_free_texts(request, season)], len(names), size)


def _kept(season: Season) -> list[Path]:
    """Every file of the season that an evaluation reads, and the attachments of those who take part."""
    folders = (season.folder / "institutions" / uscc / "attachments" for uscc in sorted(season.institutions))
    attachments = (path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file())
    root = season.folder.resolve()
    return [*season.inputs, *(path for path in attachments if path.resolve().is_relative_to(root))]


def _copy_season(season: Season, draft: Path) -> None:
    for path in _kept(season):
        copy = draft / path.relative_to(season.folder)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)


def _copy_scheme(request: Request, season: Season, draft: Path) -> None:
    source = request.scheme_folder or folder_of(season.terms.scheme)
    if is_package(request.season):
        source = request.season / SCHEME
    if source is None:
        raise LookupError(season.terms.scheme)
    shutil.copytree(source, draft, copy_function=shutil.copyfile, ignore=shutil.ignore_patterns(".*", "__pycache__"))


def _check_zip(request: Request) -> None:
    path = request.zip_to
    if path is None:
        return
    place = path.resolve()
    for folder in (request.season.resolve(), request.out.resolve()):
        if folder == place or folder in place.parents:
            raise Refused(fault("package_zip_inside", path=path))
    if not place.parent.is_dir():
        raise Refused(fault("out_unwritable", path=path, reason="上级文件夹不存在"))
    if path.is_symlink() or (path.exists() and not _is_former_zip(path)):
        raise Refused(fault("package_zip_foreign", path=path))


def _is_former_zip(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as former:
            return {MANIFEST, MARKER} <= set(former.namelist())
    except (OSError, zipfile.BadZipFile, NotImplementedError):
        return False


def _write_zip(draft: Path, names: set[str], path: Path) -> None:
    """The same bytes for the same files, on any machine: one date for all, in order of path, nothing compressed."""
    part = path.with_name(f".{path.name[:100]}.{os.getpid()}.part")
    try:
        with zipfile.ZipFile(part, "w") as archive:
            for name in sorted(names):
                entry = zipfile.ZipInfo(name, _ZIP_DATE)
                entry.create_system, entry.external_attr = _UNIX, _ZIP_MODE
                entry.file_size = (draft / name).stat().st_size
                with (draft / name).open("rb") as stream, archive.open(entry, "w") as into:
                    shutil.copyfileobj(stream, into, 1 << 20)
        part.replace(path)
    except OSError as error:
        raise Refused(fault("out_unwritable", path=path, reason=error.strerror or str(error))) from error
    finally:
        part.unlink(missing_ok=True)
