"""The root of the `ceping` command: which name loads which module, and the outermost edge where every failure ends."""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from ceping import __version__
from ceping.cli.wrong_use import in_chinese, speak_chinese
from ceping.core.finding import fault
from ceping.core.finding import in_chinese as reason_in_chinese

_EXIT_FAILED = 2
_EXIT_INTERRUPTED = 130
_INTERRUPTED = "已中断。"


@dataclass(frozen=True, slots=True)
class Entry:
    """A command or group by name: the module that holds it, the attribute there, its one line in the help."""

    module: str
    attribute: str
    line: str


ENTRIES = {
    "points": Entry("ceping.cli.points", "app", "店铺积分：计算、逐条解释、比较两版规则"),
    "scheme": Entry("ceping.cli.scheme", "app", "测评方案：列出、查看、检查、比较、验算"),
    "report": Entry("ceping.cli.report", "app", "自评报告：检查、打印成 Word 和 PDF、从 Word 读回"),
    "clients": Entry("ceping.cli.clients", "app", "服务清单：从 xlsx、csv 收进来"),
    "summary": Entry("ceping.cli.summary", "app", "参评推荐汇总表（附件3）：打印成 Excel 和 PDF、从表格收进来"),
    "marks": Entry("ceping.cli.marks", "app", "专家打分：把填好的评分表收成 marks.csv"),
    "calls": Entry("ceping.cli.calls", "app", "服务对象回访：把填好的回访记录表收成 calls.csv"),
    "uscc": Entry("ceping.cli.uscc", "app", "统一社会信用代码：校验"),
    "draw": Entry("ceping.cli.draw", "app", "抽签：回访对象、评审专家，及复核"),
    "evaluate": Entry("ceping.cli.evaluate", "evaluate", "从测评年度文件夹算出得分、等次和名次"),
    "explain": Entry("ceping.cli.evaluate", "explain", "逐项说明一家机构的得分，直到条款原文"),
    "package": Entry("ceping.cli.package", "package", "把测评年度封成完整包或公开包，供任何人复算"),
    "whatif": Entry("ceping.cli.whatif", "whatif", "试算：换权重、换方案或去掉一名专家，看谁有变化"),
    "compare-seasons": Entry("ceping.cli.compare_seasons", "compare_seasons", "两个年度的结果逐家对比"),
    "run": Entry("ceping.cli.platform.run", "run", "在本机运行测评平台：数据库、网页和后台任务"),
    "journal": Entry("ceping.cli.platform.journal", "app", "操作日志：校验，导出链头"),
    "user": Entry("ceping.cli.platform.people", "app", "账号：邀请首批人员，列出"),
    "people": Entry("ceping.cli.platform.start", "app", "机构和人员：按名单批量开户"),
    "events": Entry("ceping.cli.platform.events", "app", "店铺事件：收进平台、导出成文件、全平台复算"),
    "attachments": Entry("ceping.cli.attachments", "app", "附件：检查，转换成 JPG 和官方文件名"),
    "papers": Entry("ceping.cli.papers", "papers", "文书：评分表、回访表、名单、公示、证书、反馈报告、工作报告"),
    "dossier": Entry("ceping.cli.dossier", "dossier", "档案包：每家机构的报告、附件和哈希清单封成 ZIP"),
    "pdf": Entry("ceping.cli.pdf", "app", "PDF 文件：验签、签名、骑缝章、核对盖章扫描件"),
    "demo-season": Entry("ceping.cli.demo", "demo_season", "生成一个示范测评年度文件夹"),
}


class Root(TyperGroup):
    """The root group: its help reads the table alone; a module is imported when its own name is called."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 -- the library's own open signature
        super().__init__(**settings)
        self.commands = {name: TyperCommand(name, help=entry.line) for name, entry in ENTRIES.items()}

    def get_help_option(self, ctx: Any) -> Any:  # noqa: ANN401 -- the library keeps these types private
        """The `--help` of the root."""
        return _without_pydantic(super().get_help_option(ctx))

    def format_help(self, _ctx: Any, formatter: Any) -> None:  # noqa: ANN401 -- the library keeps these types private
        """The help page, plain: the library's own costs half of the time a user is willing to wait."""
        formatter.write(_help_page())

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 -- as above
        """The words left for the command; none at all is wrong use, answered with the help page."""
        if not args:
            typer.echo(ctx.get_help())
            raise typer.Exit(_EXIT_FAILED)
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 -- as above
        """The named command itself in place of its stand-in, and the words after its name."""
        name, stand_in, rest = super().resolve_command(ctx, args)
        if stand_in is None or name is None:
            return name, stand_in, rest
        command = _loaded(name)
        for one in (command, *getattr(command, "commands", {}).values()):
            _without_pydantic(one.get_help_option(ctx))
        if not rest or "--help" in rest:
            speak_chinese(command, ctx)
        return name, command, rest


def _without_pydantic(option: Any) -> Any:  # noqa: ANN401 -- as above
    # Without a default the library loads pydantic to learn that --help was not given: half of a start.
    if option is not None:
        option.default = False
    return option


def _help_page() -> str:
    width = max(map(len, ENTRIES)) + 4
    rows = "\n".join(f"  {name:<{width}}{entry.line}" for name, entry in ENTRIES.items())
    return f"""测评：中小企业服务机构第三方测评。

用法：ceping 命令 [选项]…

命令：
{rows}

选项：
  {"--version":<{width}}显示版本号
  {"--help":<{width}}显示本说明；“ceping 命令 --help”显示该命令的用法
"""


def _loaded(name: str) -> Any:  # noqa: ANN401 -- the library keeps this type private
    entry = ENTRIES[name]
    found = getattr(import_module(entry.module), entry.attribute)
    if isinstance(found, typer.Typer):
        # Without a callback a group of one command would swallow that command's name.
        if found.registered_callback is None:
            found.callback(no_args_is_help=True, help=entry.line)(lambda: None)
    else:
        command, found = found, typer.Typer(add_completion=False)
        found.command(name, help=entry.line)(command)
    found._add_completion = False  # noqa: SLF001 -- one table of commands, so no module needs to repeat the setting
    loaded = get_command(found)
    loaded.name = name
    return loaded


app = typer.Typer(cls=Root, add_completion=False)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"ceping {__version__}")
        raise typer.Exit


@app.callback()
def root(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="显示版本号。")
    ] = False,
) -> None:
    """Nothing happens before the command itself."""


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code of one call: 0 done or clean, 1 findings, 2 unreadable or wrong use, 130 interrupted."""
    _write_utf8()
    # No other package's plugin may change how files are read.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    try:
        code = get_command(app).main(
            args=None if arguments is None else list(arguments), prog_name="ceping", standalone_mode=False
        )
        sys.stdout.flush()
    except typer.TyperException as error:
        if message := error.format_message():
            _complain(in_chinese(message))
        return _EXIT_FAILED
    except (typer.Abort, KeyboardInterrupt):
        _complain(_INTERRUPTED)
        return _EXIT_INTERRUPTED
    except BrokenPipeError:
        return _reader_left()
    except SystemExit as leaving:
        # The library answers a closed pipe by leaving on its own.
        if isinstance(leaving.__context__, BrokenPipeError):
            return _reader_left()
        return leaving.code if isinstance(leaving.code, int) else _EXIT_FAILED
    except Exception as error:  # noqa: BLE001 -- the outermost edge: no traceback reaches a user
        return _failed(error, as_json="--json" in (sys.argv[1:] if arguments is None else arguments))
    if code == _EXIT_INTERRUPTED:
        # The library has already turned Ctrl-C into this code.
        _complain(_INTERRUPTED)
    return code if isinstance(code, int) else 0


def _write_utf8() -> None:
    # A terminal set to another encoding would break off in the middle of a Chinese sentence.
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            # A caller closed it: what is said goes nowhere, and saying it must not fail.
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 -- open to the end
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _complain(message: str) -> None:
    with suppress(OSError):
        print(message, file=sys.stderr)


def _reader_left() -> int:
    # `ceping … | head` is no fault; the interpreter's own flush at exit must not complain either.
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _failed(error: Exception, *, as_json: bool) -> int:
    import traceback  # noqa: PLC0415 -- as in _logged

    if os.environ.get("CEPING_DEBUG") == "1":
        traceback.print_exc()
        return _EXIT_FAILED
    if isinstance(error, OSError) and error.strerror:
        _tell_system(error, as_json=as_json)
        return _EXIT_FAILED
    if isinstance(error, MemoryError):
        _complain("无法完成：内存不够。请关掉其他程序，或换一台内存更大的机器。")
        return _EXIT_FAILED
    log = _logged(error)
    hint = f"详情已写入 {log}，请附上它报告问题。" if log else "请设 CEPING_DEBUG=1 再运行一次，并附上输出报告问题。"
    _complain(f"程序出错，未能完成（{type(error).__name__}）。{hint}")
    return _EXIT_FAILED


def _tell_system(error: OSError, *, as_json: bool) -> None:
    """The system would not let it happen: a full disk, no permission."""
    where = str(error.filename or "")
    reason = os.strerror(error.errno) if error.errno else str(error.strerror)
    if as_json:
        from ceping.cli.printing import print_findings  # noqa: PLC0415 -- every start would wait for it

        print_findings([fault("system_refused", place=where, reason=reason)], as_json=True)
        return
    _complain(f"无法完成：{f'{where}：' if where else ''}{reason_in_chinese(reason)}。请检查路径、权限和磁盘空间。")


def _logged(error: Exception) -> Path | None:
    import tempfile  # noqa: PLC0415 -- every start would wait for what only a failure needs
    import traceback  # noqa: PLC0415 -- as above
    from datetime import UTC, datetime  # noqa: PLC0415 -- as above

    text = f"{datetime.now(UTC).isoformat()} ceping {__version__}\n" + "".join(traceback.format_exception(error))
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    for folder in (Path(state) / "ceping", Path(tempfile.gettempdir())):
        log = folder / "ceping.log"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with log.open("a", encoding="utf-8", errors="backslashreplace") as stream:
                stream.write(text)
        except OSError:
            continue
        return log
    return None
