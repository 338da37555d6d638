"""What the command-line library says about wrong use and above its help, in Chinese."""

import os
import re
from functools import partial
from importlib import import_module
from typing import Any

# The library's sentences, most special first; what is not here is shown as it came.
_SENTENCES = tuple(
    (re.compile(pattern, re.DOTALL), chinese)
    for pattern, chinese in (
        # Of several likely words the best stands first, and one is enough.
        (r"No such command '(.*)'\. Did you mean ('[^']*').*\?", r"没有命令 \1，是不是想用 \2？"),
        (r"No such command '(.*)'\.", r"没有命令 \1。"),
        (r"Missing command\.", r"缺少命令。"),
        (r"No such option: (\S+) \(Possible options: (.*)\)", r"没有选项 \1，相近的有 \2。"),
        (r"No such option: (.*)", r"没有选项 \1。"),
        (r"Missing argument '(.*?)'.*", r"缺少参数 \1。"),
        (r"Missing option (.*?)\..*", r"缺少选项 \1。"),
        (r"Option '(.*)' requires .* arguments?\.", r"选项 \1 后面缺少取值。"),
        (r"Option '(.*)' does not take a value\.", r"选项 \1 不带取值。"),
        (r"Got unexpected extra argument\(s\) \((.*)\)", r"多出来的参数：\1。"),
        (r"Invalid value for (.*?): (.*)", r"\1 的取值不对：\2"),
        (r"Invalid value: (.*)", r"取值不对：\1"),
    )
)
_REASONS = tuple(
    (re.compile(pattern), chinese)
    for pattern, chinese in (
        (r"Input should be a valid integer\b.*", "这里要整数。"),
        (r"Input should be a valid number\b.*", "这里要数字。"),
        (r"Input should be a valid boolean\b.*", "这里要 true 或 false。"),
        (r"Input should be greater than or equal to (.*?)\.?", r"不能小于 \1。"),
        (r"Input should be less than or equal to (.*?)\.?", r"不能大于 \1。"),
        (r"Input should be (.*?)\.?", r"可选 \1。"),
        (r"(?:Value error, )?'(.*)' is not one of (.*?)\.?", r"没有 \1 这一项，可选 \2。"),
        (r".*\bdoes not exist\.", "没有这个文件或文件夹。"),
        (r".*\bis a directory\.", "这里要文件，给的是文件夹。"),
        (r".*\bis a file\.", "这里要文件夹，给的是文件。"),
    )
)


def language() -> str:
    """The reader's language, `zh` unless CEPING_LANG says `en`."""
    return "en" if os.environ.get("CEPING_LANG", "").lower().startswith("en") else "zh"


def in_chinese(message: str) -> str:
    """The library's sentence as the reader reads it, with where to look on; other sentences unchanged."""
    if language() == "en":
        return f"{message}\nceping --help lists what there is."
    for pattern, chinese in _SENTENCES:
        if found := pattern.fullmatch(message):
            groups = [_reason(group) for group in found.groups()]
            for number, group in enumerate(groups, start=1):
                chinese = chinese.replace(f"\\{number}", group)  # noqa: PLW2901 -- filled step by step
            message = chinese
            break
    return f"用法有误：{message}\n加上 --help 可查看用法。"


def speak_chinese(command: Any, ctx: Any) -> None:  # noqa: ANN401 -- the library keeps these types private
    """The help pages of this command and those under it are Chinese from now on; loads the library's rich help."""
    if language() == "en":
        return
    # Heavy, and only help pages need it; by name, because its texts are no part of its typed face.
    pages: Any = import_module("typer.rich_utils")
    pages.ARGUMENTS_PANEL_TITLE = "参数"
    pages.OPTIONS_PANEL_TITLE = "选项"
    pages.COMMANDS_PANEL_TITLE = "命令"
    pages.REQUIRED_LONG_STRING = "[必填]"
    pages.DEFAULT_STRING = "[默认：{}]"
    pages.ENVVAR_STRING = "[环境变量：{}]"
    pages._make_rich_text = partial(_folded, pages._make_rich_text)  # noqa: SLF001 -- it has no setting for this
    for one in (command, *getattr(command, "commands", {}).values()):
        one.options_metavar = "[选项]…"
        one.subcommand_metavar = "命令 …"
        one.get_usage = partial(_usage, one.get_usage)
        if option := one.get_help_option(ctx):
            option.help = "显示本说明。"


def _folded(made: Any, **given: Any) -> Any:  # noqa: ANN401 -- the library's own signature
    # A Chinese sentence has no spaces to break at, and the library would cut it off.
    text = made(**given)
    text.overflow = "fold"
    return text


def _usage(made: Any, ctx: Any) -> str:  # noqa: ANN401 -- as above
    return str(made(ctx)).replace("Usage: ", "用法：", 1)


def _reason(text: str) -> str:
    for pattern, chinese in _REASONS:
        if found := pattern.fullmatch(text):
            return found.expand(chinese)
    return text
