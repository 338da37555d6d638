"""`ceping run`: the platform on this machine: database, pages and tasks, from one command until Ctrl-C."""

import os
import socket
import subprocess
import urllib.request
from typing import Annotated, NoReturn

import typer

from ceping.cli.platform.supervisor import Program, Supervisor, python
from ceping.config.environment import home, is_loopback

_FAILED = 2
# One thread would be fastest for pages, but four slow uploads then hold everybody (docs/explanation/pages.md).
_THREADS = 16


def run(
    host: Annotated[str, typer.Option("--host", metavar="地址", help="在哪个地址上提供网页。")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", metavar="端口", min=1, max=65535, help="端口。")] = 8000,
    demo: Annotated[
        bool, typer.Option("--demo", help="示范：装入进行到一半的年度，各角色一键登录；只限本机地址和自带数据库。")
    ] = False,
) -> None:
    """Prepares the installation, then serves until asked to end."""
    if demo:
        _check_demo(host)
        os.environ["CEPING_DEMO"] = "1"
    if not _is_free(host, port):
        _refuse(f"端口 {port} 已被占用。请关闭占用它的程序，或换一个端口：ceping run --port {port + 1}")
    os.environ["CEPING_BIND"], os.environ["CEPING_PORT"] = host, str(port)
    home().folder.mkdir(parents=True, exist_ok=True)
    if subprocess.run(python("ceping.config.prepare"), check=False).returncode != 0:  # noqa: S603 -- our own program
        raise typer.Exit(_FAILED)
    workers = str(max(1, os.cpu_count() or 1))
    web = python("granian", "--interface", "wsgi", "ceping.config.wsgi:application", "--host", host)
    web += ["--port", str(port), "--workers", workers, "--blocking-threads", str(_THREADS), "--no-ws"]
    web += ["--respawn-failed-workers", "--workers-kill-timeout", "8", "--log-level", "warning"]
    programs = [Program("网页服务", web), Program("后台任务", python("ceping.config.worker"))]
    shown = "localhost" if is_loopback(host) else host
    address = f"http://{shown}:{port}/"
    supervisor = Supervisor(programs, typer.echo)
    code = supervisor.run(
        ready=lambda: _answers(f"http://{_reachable(host)}:{port}/healthy/"),
        when_ready=lambda: typer.echo(_greeting(address, demo=demo)),
    )
    raise typer.Exit(code)


def _greeting(address: str, *, demo: bool) -> str:
    entered = f"示范登录（一键进入各角色）：{address}demo/\n" if demo else ""
    return f"测评平台已就绪：{address}   （按 Ctrl-C 结束）\n{entered}".rstrip()


def _check_demo(host: str) -> None:
    if not is_loopback(host):
        _refuse("示范模式人人可登录，只能在本机地址上运行。请去掉 --host，或去掉 --demo。")
    if os.environ.get("DATABASE_URL"):
        _refuse("示范模式不能用 DATABASE_URL 指定的数据库，以免示范数据混入正式数据。请去掉其中一个。")


def _is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _reachable(host: str) -> str:
    return "127.0.0.1" if host in ("0.0.0.0", "") else host  # noqa: S104 -- compared, not bound


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=1) as answer:  # noqa: S310 -- our own address
            return bool(answer.status == 200)
    except OSError:
        return False


def _refuse(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(_FAILED)
