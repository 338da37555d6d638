"""A season's draw of clients: what it is drawn from, the lines it gives, and the record that lets anyone redo it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from ceping.core.finding import Finding, fault
from ceping.core.scheme.loading import Scheme
from ceping.folder.columns import CLIENTS
from ceping.folder.draw_record import ClientRecord, Draw, SizeTable, csv_text, sha256_of
from ceping.folder.drawing import ALGORITHM, Client, Size, draw_clients, frame_hash
from ceping.folder.faults import Faults
from ceping.folder.tables import read_table
from ceping.folder.terms import NAME, DrawTerms, Terms, read_terms


@dataclass(frozen=True, slots=True)
class ClientRequest:
    """What a draw of clients is asked for.

    An empty seed is the one of season.toml; no size and no strata are the season's, else the scheme's size alone.
    """

    seed: str = ""
    size: Size | None = None
    strata: str | None = None
    file: str = "draw-clients.csv"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a draw of clients is made by; without `reserves` all that are not of the sample stand by."""

    seed: str
    size: Size
    strata: str = ""
    reserves: int | None = None
    file: str = "draw-clients.csv"


def clients_drawn(folder: Path, request: ClientRequest) -> tuple[Draw | None, list[Finding]]:
    """The draw, or None and every finding that keeps it from being made."""
    faults = Faults()
    found = opened(folder, request.seed, "clients", faults)
    sheet = read_table(folder, CLIENTS, faults)
    if not sheet.rows and not faults.stops:
        faults.error("draw_nothing", CLIENTS.name)
    if found is None or faults.stops:
        return None, faults.findings
    terms, scheme, seed = found
    if scheme.verification is None:
        return None, [fault("draw_no_verification", scheme=scheme.label)]
    sample = scheme.verification.sample
    own = terms.draw.size_for(scheme.verification)
    size = replace(request.size or own, z=scheme.verification.interval.z)
    strata = terms.draw.strata if request.strata is None else request.strata
    asked, declared = _declaration(size, strata), _declaration(own, terms.draw.strata)
    if terms.draw != DrawTerms() and asked != declared:
        faults.error("draw_terms_differ", NAME, "draw", given=asked, declared=declared)
        return None, faults.findings
    clients = [
        Client(row.get("uscc"), row.get("client_key"), row.get("name"), row.get(strata) if strata else "")
        for row in sheet
    ]
    made = draw_from(
        clients,
        Asked(seed, size, strata, sample.reserves, request.file),
        scheme=terms.scheme,
        scheme_sha256=scheme.sha256,
    )
    return Draw(made.record, made.lines, undeclared="" if asked == declared else asked), faults.findings


def draw_from(clients: Sequence[Client], asked: Asked, *, scheme: str, scheme_sha256: str) -> Draw:
    """The draw of these clients with its record; `scheme` is the label of the rules, such as `shanghai-2021@1`."""
    seed, size, strata = asked.seed, asked.size, asked.strata
    drawn = draw_clients(clients, seed=seed, size=size, reserves=asked.reserves)
    header = ["uscc", "position", "client_key", "role", *(["stratum"] if strata else [])]
    lines = csv_text(
        header,
        ([one.uscc, str(one.position), one.key, one.role, *([one.stratum] if strata else [])] for one in drawn),
    )
    record = ClientRecord(
        format=1,
        kind="clients",
        seed=seed,
        scheme=scheme,
        scheme_sha256=scheme_sha256,
        size=SizeTable(rule=size.rule, count=size.count, margin=size.margin, share=size.share, z=size.z),
        reserves=asked.reserves,
        strata=strata,
        institutions=len({client.uscc for client in clients}),
        clients=len(clients),
        sample=sum(one.role == "sample" for one in drawn),
        reserve=sum(one.role == "reserve" for one in drawn),
        frame_sha256=frame_hash(clients),
        list_sha256=frame_hash(clients, names=True),
        algorithm=ALGORITHM,
        file=asked.file,
        lines_sha256=sha256_of(lines),
    )
    return Draw(record, lines)


def _declaration(size: Size, strata: str) -> str:
    """What `[draw]` of season.toml says of such a draw."""
    return f'{size.declaration}; strata = "{strata}"' if strata else size.declaration


def opened(
    folder: Path,
    seed: str,
    purpose: Literal["clients", "assessors"],
    faults: Faults,
    instead: Scheme | None = None,
) -> tuple[Terms, Scheme, str] | None:
    """Terms, scheme and the seed; a seed other than the recorded one is no draw of this season.

    `instead` is the scheme itself, where it is no shipped one.
    """
    if not folder.is_dir():
        faults.error("season_folder_absent", "", str(folder))
        return None
    read = read_terms(folder, faults, instead=instead)
    if read is None:
        return None
    recorded: str = getattr(read[0].seeds, purpose)
    if seed and recorded and seed != recorded:
        faults.error("draw_seed_differs", NAME, f"seeds.{purpose}", given=seed[:200], recorded=recorded)
    if not seed and not recorded:
        faults.error("draw_seed_missing", NAME, f"seeds.{purpose}")
    return (*read, seed or recorded)
