"""Which font stands for 仿宋, 宋体, 黑体 and 楷体 here, what follows when it lacks a character, what none has."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import typst

from ceping.core.finding import Finding, Level, fault
from ceping.documents.fonts.coverage import FontUnreadable, characters_in

SHIPPED = Path(__file__).parent
# The folder of a site's own fonts; read from the environment by whoever starts the work, never in here.
SETTING = "CEPING_FONTS"
# Printed where no font has the character: the sign compositors have always put for a missing sort.
MISSING = "〓"

# The names under which an office knows each face, then the shipped one; the first that is there is taken.
_FACES = {
    "fang": ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "STFangsong", "FandolFang R"),
    "song": ("SimSun", "宋体", "STSong", "Noto Serif SC"),
    "hei": ("SimHei", "黑体", "STHeiti", "Noto Sans SC"),
    "kai": ("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体", "STKaiti", "LXGW WenKai"),
}
_FALLBACK = ("Noto Serif SC", "LXGW WenKai", "Noto Sans SC")
_BREAKS = dict.fromkeys((0x0B, 0x0C, 0x85, 0x2028, 0x2029), "\n")
_FONT_FILES = ("*.ttf", "*.otf", "*.ttc", "*.otc")


@dataclass(frozen=True, slots=True)
class Faces:
    """The fonts of one site: `order` is the families by role, each followed by those that fill its gaps.

    `printed` are the characters that at least one of them has and that stand for themselves.
    """

    site: Path | None
    order: Mapping[str, tuple[str, ...]] = field(hash=False)
    printed: frozenset[str] = field(hash=False, repr=False)

    def printable(self, text: str) -> str:
        r"""The text as it will be printed: lines end with `\n`, nothing invisible is left, what is missing is 〓."""
        if self.printed.issuperset(text):
            return text
        text = _settled(text)
        return "".join(char if char in self.printed else MISSING for char in text)

    def missing_in(self, text: str) -> tuple[str, ...]:
        """The characters of the text that no font has, each once, in the order they stand there."""
        if self.printed.issuperset(text):
            return ()
        return tuple(char for char in dict.fromkeys(_settled(text)) if char not in self.printed)


def shipped() -> Faces:
    """The fonts that come with the program alone: what is printed is the same everywhere."""
    return faces_of(None)[0]


def faces_from(environment: Mapping[str, str]) -> tuple[Faces, tuple[Finding, ...]]:
    """The fonts as the setting says, and what was found about them; without the setting the shipped ones."""
    folder = environment.get(SETTING, "").strip()
    return faces_of(Path(folder).expanduser() if folder else None)


@cache
def faces_of(site: Path | None) -> tuple[Faces, tuple[Finding, ...]]:
    """The shipped fonts and those of the folder, whose own come first, with a warning for each that is not taken."""
    if site is not None and not site.is_dir():
        return shipped(), (fault("font_folder_missing", place=SETTING, level=Level.WARNING, folder=site),)
    fonts = loaded(site).fonts()
    taken = {Path(font.path).resolve() for font in fonts if font.path}
    own = sorted(path.resolve() for mask in _FONT_FILES for path in site.rglob(mask)) if site else []
    found = [fault("font_folder_empty", place=SETTING, level=Level.WARNING, folder=site)] if site and not own else []
    characters: set[int] = set()
    for path in sorted(taken.union(own)):
        try:
            characters |= characters_in(path) if path in taken else _refuse(path)
        except (FontUnreadable, OSError):
            found.append(fault("font_unreadable", place=SETTING, level=Level.WARNING, name=path.name))
    families = sorted({font.family for font in fonts})
    order = {
        role: tuple(dict.fromkeys((next((one for one in names if one in families), names[-1]), *_FALLBACK, *families)))
        for role, names in _FACES.items()
    }
    printed = frozenset(char for char in map(chr, characters) if _seen(char) == char and _stands(char)) | {"\n"}
    return Faces(site, order, printed), tuple(found)


@cache
def loaded(site: Path | None) -> typst.Fonts:
    """The font files known to the typesetter, each read when first needed; never those of the machine."""
    folders = [SHIPPED] if site is None else [SHIPPED, site]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


def _refuse(path: Path) -> frozenset[int]:
    # The typesetter passed it over: what it has will never be printed.
    raise FontUnreadable(path.name)


def _stands(char: str) -> bool:
    # Fonts map controls too; halves of a pair are no text. What a site keeps in the private area is its own.
    return unicodedata.category(char) not in ("Cc", "Cs")


def _settled(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ").translate(_BREAKS)
    return "".join(map(_seen, text))


def _seen(char: str) -> str:
    """The character as it stands on paper: spaces of any width are one, what shows nothing of its own is nothing."""
    category = unicodedata.category(char)
    if category[0] not in "CZM" or char in "\n\u3000":
        return char
    if category == "Zs":
        return " "
    # Joiners, marks of direction, soft hyphens; the selectors of a glyph's variant.
    return "" if category == "Cf" or unicodedata.name(char, "").startswith("VARIATION SELECTOR") else char
