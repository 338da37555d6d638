"""The installation's secrets: made once, with the system's randomness, in files that only their owner reads."""

import json
import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ceping.config.environment import BadSetting

_SECRET, _DATA = "secret", "data.json"
_BYTES = 32


@dataclass(frozen=True, slots=True)
class DataKeys:
    """`current` is the id of the key new values are sealed under, `keys` all that open old ones; 32 bytes each.

    `index` makes blind indexes and never changes.
    """

    current: str
    keys: Mapping[str, bytes]
    index: bytes


def make_keys(folder: Path) -> None:
    """Every key exists; those that do are left as they are."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    _make(folder / _SECRET, secrets.token_urlsafe(64))
    # The first data key; rotation adds another and names it `current`. `index` makes blind indexes and never changes.
    keys = {"current": "k1", "keys": {"k1": secrets.token_hex(_BYTES)}, "index": secrets.token_hex(_BYTES)}
    _make(folder / _DATA, json.dumps(keys, indent=1))


def secret_key(folder: Path) -> str:
    """What sessions and tokens are signed with."""
    return _read(folder / _SECRET).strip()


def data_keys(folder: Path) -> DataKeys:
    """The keys of personal data. Raises BadSetting when the file is missing, open to others, or not whole."""
    path = folder / _DATA
    try:
        told = json.loads(_read(path))
        keys = {name: bytes.fromhex(key) for name, key in told["keys"].items()}
        found = DataKeys(told["current"], keys, bytes.fromhex(told["index"]))
        sound = found.current in keys and all(len(key) == _BYTES for key in (*keys.values(), found.index))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        if isinstance(error, BadSetting):
            raise
        sound = False
    if not sound:
        raise BadSetting(f"{path} 不是完整的密钥文件。请从备份中取回；没有它，加密的联系方式读不出来。")
    return found


def _make(path: Path, text: str) -> None:
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        # A link and no rename: of two that start at once, one key stays.
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        aside.unlink()


def _read(path: Path) -> str:
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="ascii")
    except FileNotFoundError:
        raise BadSetting(
            f"没有密钥文件 {path}。首次使用请运行 ceping run；从别处搬来的，请把 keys 文件夹一并搬来。"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(f"密钥文件 {path} 读不出来：{error}") from None
    if stat.S_IMODE(mode) & 0o077:
        raise BadSetting(f"密钥文件 {path} 别的账号也能读。请运行：chmod 600 {path}")
    return text
