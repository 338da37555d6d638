"""A small season to draw from: twelve institutions, seven assessors, 47 clients each; and how to read a draw."""

import csv
import json
from pathlib import Path
from typing import Any

from ceping.core.scheme.loading import load

CATEGORIES = ("legal", "finance", "hr")
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def uscc(number: int) -> str:
    body = f"91310199MA{number:06d}1"
    rest = sum(ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(body)) % 31
    return body + ALPHABET[-rest % 31]


USCCS = sorted(uscc(number) for number in range(12))


class Season:
    """A small season of twelve institutions and seven assessors, in the hands of a test."""

    def __init__(self, place: Path) -> None:
        self.folder = place / "season"
        self.folder.mkdir()
        scheme, _ = load("shanghai-2021@1")
        assert scheme is not None
        self.write(
            "season.toml",
            f'format = 1\nscheme = "shanghai-2021@1"\nscheme_sha256 = "{scheme.sha256}"\ntitle = "试"\n'
            'from = 2021-01-01\nto = 2021-12-31\n[seeds]\nclients = "c-1"\nassessors = "a-1"\n',
        )
        rows = [f"{one},机构{place},{CATEGORIES[place % 3]},,," for place, one in enumerate(USCCS)]
        self.write("institutions.csv", "\n".join(["uscc,name,category,recommender,rank,shop_id", *rows]) + "\n")
        rows = [f"A{number},专家{number},单位{number},{'法律' if number < 3 else ''},9" for number in range(6)]
        rows.append("A6,专家6,机构0,hr;财务,")
        self.write("assessors.csv", "\n".join(["assessor_id,name,employer,expertise,load_max", *rows]) + "\n")
        rows = [f"A0,{USCCS[0]},declared,", f"A1,{USCCS[1]},detected,", f"A1,{USCCS[1]},cleared,已查无关"]
        self.write("conflicts.csv", "\n".join(["assessor_id,uscc,kind,reason", *rows]) + "\n")
        rows = [
            f"{one},C{number:04d},企业{number},,13500000000,{'培训' if number % 3 else '融资'}"
            for one in USCCS
            for number in range(1, 48)
        ]
        self.write("clients.csv", "\n".join(["uscc,client_key,name,contact,phone,service", *rows]) + "\n")

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def change(self, name: str, old: str, new: str) -> None:
        text = (self.folder / name).read_text(encoding="utf-8")
        assert old in text
        self.write(name, text.replace(old, new, 1))


def lines(name: str) -> list[dict[str, str]]:
    with Path(name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def record(name: str) -> Any:
    return json.loads(Path(name).read_text(encoding="utf-8"))


def pin(season: Season, pairs: list[tuple[str, int]], *, item: str = "") -> None:
    rows = [f"{assessor},{USCCS[number]},{item},熟悉该类服务,李经办,2022-01-05" for assessor, number in pairs]
    season.write("pins.csv", "\n".join(["assessor_id,uscc,indicator_id,reason,by,on", *rows]) + "\n")
