"""The name under which a file from outside is shown: harmless on every system and readable as what it is."""

import unicodedata

from ceping.core.finding import Finding, Level, fault

# Of the 255 bytes of most file systems, less what is put before a name when it is stored.
_MOST_BYTES = 200
_LONGEST_SUFFIX = 10
_RESERVED = str.maketrans(dict.fromkeys('<>:"|?*', "_"))
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$"}
    | {f"{port}{number}" for port in ("com", "lpt") for number in (*range(10), "¹", "²", "³")}
)
# What starts a program by a double click; nothing that is handed in has to be called so.
_PROGRAMS = frozenset(
    {"exe", "com", "scr", "bat", "cmd", "pif", "msi", "msp", "cpl", "dll", "lnk", "reg", "url", "jar", "app", "apk"}
    | {"vbs", "vbe", "js", "jse", "wsf", "wsh", "hta", "ps1", "sh", "dmg"}
)
_UNNAMED = "未命名"


def shown_name(given: str) -> str:
    """The last part of a path, in NFC, without what hides, reorders or is reserved; at most 200 bytes of UTF-8.

    Never empty, never `.` or `..`, never a device of Windows; the suffix survives a cut.
    """
    last = unicodedata.normalize("NFC", given).replace("\\", "/").rstrip("/").rpartition("/")[2]
    kept = "".join(char for char in last if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))
    plain = " ".join(kept.translate(_RESERVED).split()).strip(". ")
    stem, dot, suffix = plain.rpartition(".")
    if not dot or len(suffix) > _LONGEST_SUFFIX:
        stem, dot, suffix = plain, "", ""
    name = _cut(stem.rstrip(". "), _MOST_BYTES - len((dot + suffix).encode())) + dot + suffix
    if plain.partition(".")[0].rstrip(" ").casefold() in _DEVICES:
        name = f"_{name}"
    return name or _UNNAMED


def suffix_of(name: str) -> str:
    """What stands after the last dot, in small letters; empty where there is none."""
    stem, dot, suffix = name.rpartition(".")
    return suffix.lower() if dot and stem and len(suffix) <= _LONGEST_SUFFIX else ""


def name_findings(given: str) -> list[Finding]:
    """What is odd about a name as it was given: a program's suffix, something hidden, a shown name that differs."""
    shown = shown_name(given)
    findings = []
    if suffix_of(shown) in _PROGRAMS:
        findings.append(fault("file_name_program", file=shown, suffix=suffix_of(shown)))
    if any(unicodedata.category(char) in ("Cc", "Cf") for char in given):
        findings.append(fault("file_name_hides", file=shown, level=Level.WARNING, shown=shown))
    elif shown != unicodedata.normalize("NFC", given):
        findings.append(fault("file_name_cleaned", file=shown, level=Level.WARNING, shown=shown))
    return findings


def _cut(stem: str, most: int) -> str:
    # By bytes, because file systems count bytes; half a character is left out.
    return stem.encode()[: max(most, 0)].decode("utf-8", "ignore").rstrip(". ")
