"""Why the platform does not start: settings and surroundings under which data would be lost or stand open to others.

Each check answers sentences for a person: what is wrong, and what to do. None of them changes anything.
"""

import os
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryFile

from ceping.config.environment import is_loopback

# No clock of a machine that runs this release can be right and earlier; raised with each release.
BUILT_ON = date(2026, 11, 1)
_LEAST_FREE_PERCENT = 5
_LEAST_SECRET, _LEAST_VARIETY = 50, 10
_DURABLE = ("fsync", "full_page_writes", "synchronous_commit")


@dataclass(frozen=True, slots=True)
class Stand:
    """What is judged before anything is opened.

    `bind` is the address the pages are served on, "" for unknown; `proxies` how many pass a request on.
    """

    debug: bool
    demo: bool
    https: bool
    hosts: Sequence[str]
    bind: str
    database_url: str
    secret: str
    proxies: int


def before_start(stand: Stand) -> list[str]:
    """What settings alone forbid."""
    foreign = [host for host in [*stand.hosts, stand.bind] if host and not is_loopback(host)]
    return [*_debug(stand, foreign), *_demo(stand), *_secrets(stand), *_hosts(stand), *_proxies(stand), *_links(stand)]


def of_the_machine(folders: Iterable[Path], at: datetime, usage: Callable[[Path], tuple[int, int, int]]) -> list[str]:
    """What folders, disk and clock forbid. `usage` answers total, used and free bytes, as `shutil.disk_usage` does."""
    told: list[str] = []
    if at.date() < BUILT_ON:
        told.append(
            f"本机时钟是 {at:%Y年%m月%d日}，早于本程序的发布日期 {BUILT_ON:%Y年%m月%d日}。"
            "截止时间以本机时钟为准，请先校准时钟（timedatectl set-ntp true）。"
        )
    for folder in folders:
        told += _writable(folder)
        total, _, free = usage(folder)
        if free * 100 < total * _LEAST_FREE_PERCENT:
            told.append(
                f"{folder} 所在的磁盘只剩 {free // 2**20} MB，不足 {_LEAST_FREE_PERCENT}%，提交的材料可能存不下。"
                "请腾出空间，或用 CEPING_HOME 换一个磁盘。"
            )
    return list(dict.fromkeys(told))


def of_the_database(values: Mapping[str, str]) -> list[str]:
    """What the database's own settings forbid: `values` by name, as SHOW tells them to the application's role."""
    return [
        f"数据库的 {name} 是 off：断电会丢失已经回执的提交。"
        f"请设为 on（ALTER SYSTEM SET {name} = on，然后 SELECT pg_reload_conf()）。"
        for name in _DURABLE
        if values.get(name) == "off"
    ]


def durability_of(show: Callable[[str], str]) -> dict[str, str]:
    """What `of_the_database` reads; `show` asks the database for one setting."""
    return {name: show(name) for name in _DURABLE}


def disk_usage(folder: Path) -> tuple[int, int, int]:
    """Total, used and free bytes of the disk of the folder, or of the nearest folder above it that exists."""
    while not folder.exists():
        folder = folder.parent
    found = shutil.disk_usage(folder)
    return found.total, found.used, found.free


def _debug(stand: Stand, foreign: Sequence[str]) -> list[str]:
    if not stand.debug or not foreign:
        return []
    told = f"CEPING_DEBUG_PAGES 打开时，出错页面会显示程序和数据；不能对外提供（{foreign[0]}）。"
    return [f"{told}请去掉 CEPING_DEBUG_PAGES，或只在本机地址上运行。"]


def _demo(stand: Stand) -> list[str]:
    if not stand.demo:
        return []
    told = []
    if stand.bind and not is_loopback(stand.bind):
        told.append("示范模式人人可登录，只能在本机地址上运行。请去掉 --host，或去掉 --demo。")
    if stand.database_url:
        told.append("示范模式不能用 DATABASE_URL 指定的数据库，以免示范数据混入正式数据。请去掉其中一个。")
    return told


def _secrets(stand: Stand) -> list[str]:
    weak = len(stand.secret) < _LEAST_SECRET or len(set(stand.secret)) < _LEAST_VARIETY
    if not weak and not stand.secret.startswith("django-insecure"):
        return []
    return [
        "keys/secret 太短或是示例密钥，登录状态可以被伪造。请删去这个文件再启动，会自动生成新的（用户需重新登录）。"
    ]


def _hosts(stand: Stand) -> list[str]:
    public = [host for host in stand.hosts if not is_loopback(host)]
    told = []
    if public and not stand.https:
        told.append(
            f"CEPING_HOSTS 里有对外的域名（{public[0]}），CEPING_HTTPS 却是 0：密码会明文传输。"
            "请在前面配好 HTTPS，去掉 CEPING_HTTPS=0。"
        )
    if "*" in stand.hosts:
        told.append("CEPING_HOSTS 不能是 *。请写出用户访问的域名，用逗号分开。")
    return told


def _proxies(stand: Stand) -> list[str]:
    public = [host for host in stand.hosts if not is_loopback(host)]
    if not public or not stand.https or stand.proxies:
        return []
    # This program speaks plain http: without a proxy every page leads to itself, and all readers share one address.
    told = (
        "对外提供 HTTPS 时前面必有反向代理，CEPING_PROXIES 却没有填：登录限次会把所有人算作一个地址，页面会反复跳转。"
    )
    return [
        f"{told}请填写经过几层代理（通常是 CEPING_PROXIES=1），并让最外层代理改写 X-Forwarded-For、X-Forwarded-Proto。"
    ]


def _links(stand: Stand) -> list[str]:
    if stand.demo or not stand.bind or is_loopback(stand.bind) or stand.hosts:
        return []
    told = f"在对外地址（{stand.bind}）上运行，CEPING_HOSTS 却是空的：信件里的链接没有别人能打开的域名。"
    return [f"{told}请在 CEPING_HOSTS 写出用户访问的域名，用逗号分开，信件用第一个。"]


def _writable(folder: Path) -> list[str]:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with TemporaryFile(dir=folder) as file:
            file.write(b"1")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return [f"{folder} 写不进去（{error.strerror or error}）。请检查这个文件夹的所有者和权限，以及磁盘是否已满。"]
    return []
