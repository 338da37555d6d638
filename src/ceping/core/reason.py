"""Why something could not be read or written, as the system and Python's readers say it in English: in Chinese."""

import re

# The operating system gives its reasons in English, and who reads them may not.
_SYSTEM = {
    "No space left on device": "磁盘已满",
    "Disk quota exceeded": "超出磁盘配额",
    "File too large": "文件太大",
    "Input/output error": "磁盘读写出错",
    "Permission denied": "没有权限",
    "Operation not permitted": "没有权限",
    "Read-only file system": "磁盘只读",
    "Device or resource busy": "正被别的程序使用",
    "No such file or directory": "没有这个文件或文件夹",
    "File exists": "已经存在",
    "Directory not empty": "文件夹不是空的",
    "Not a directory": "不是文件夹",
    "Is a directory": "是文件夹，不是文件",
    "Too many levels of symbolic links": "链接绕成了圈",
    "File name too long": "文件名太长",
    "Too many open files": "打开的文件太多",
    "embedded null byte": "路径里有空字符",
}
# What json and tomllib say before they name the place. Groups of the pattern stand in the Chinese by their number.
_READERS = tuple(
    (re.compile(pattern, re.DOTALL), chinese)
    for pattern, chinese in (
        ("Expecting value", "这里缺一个值，或者文字没有放在双引号里"),
        ("Expecting property name enclosed in double quotes", "这里应当是放在双引号里的键名"),
        ("Expecting ':' delimiter", "键名后面缺少冒号"),
        ("Expecting ',' delimiter", "两项之间缺少逗号，或者括号没有闭合"),
        ("Extra data", "内容到这里已经结束，后面还有多余的文字"),
        ("Unterminated string starting at", "从这里开始的双引号没有闭合"),
        ("Invalid control character.*", "双引号里有换行或控制字符"),
        (r"Invalid \\escape.*", "反斜杠后面的字母不对"),
        (r"Invalid \\uXXXX escape", "\\\\u 后面应当是四位十六进制数"),
        ("Illegal trailing comma before end of .*", "最后一项后面多了一个逗号"),
        ("Unexpected UTF-8 BOM.*", "开头有多余的字节顺序标记"),
        ("Invalid statement", "这一行看不懂：应当是“键 = 值”或“[表]”"),
        ("Expected newline or end of document after a statement", "这一句后面还有多余的文字"),
        ("Expected '=' after a key in a key/value pair", "键后面缺少等号"),
        (r"Expected '\]+' at the end of an? .*", "方括号没有闭合"),
        ("Expected (.+)", r"这里应当是 \1"),
        ("Found invalid character (.+)", r"有不该有的字符 \1"),
        ("Illegal character (.+)", r"有不该有的字符 \1"),
        (r"Cannot declare \('(.+)',?\) twice", r"表 \1 写了两次"),
        ("Cannot overwrite a value", "同一个键写了两次"),
        ("Duplicate inline table key (.+)", r"同一个键 \1 写了两次"),
        ("Cannot (?:mutate immutable|redefine) namespace .*", "同一张表在两处写"),
        ("Invalid initial character for a key part", "键的开头不对，或者缺少键"),
        ("Unclosed array", "数组的方括号没有闭合"),
        ("Unclosed inline table", "花括号没有闭合"),
        (r"Unescaped '\\' in a string", "反斜杠要写成两个"),
        ("Invalid hex value", r"\\u 后面应当是十六进制数"),
        ("Escaped character is not a Unicode scalar value", "转义的字符不存在"),
        ("Unterminated string", "引号没有闭合"),
        ("Invalid date or datetime", "没有这个日期或时间"),
        ("Invalid value", "值写得不对，文字要放在双引号里"),
        ("maximum recursion depth exceeded.*", "嵌套太深"),
        (r"Exceeds the limit \(.*", "有一个数太长"),
        ("'utf-?8' codec can't decode .*", "不是 UTF-8 编码"),
    )
)
_PLACE = re.compile(
    r"(?:: line (?P<line>[0-9]+) column (?P<column>[0-9]+)(?: - .*)?(?: \(char .*\))?"
    r"| \(at line (?P<toml_line>[0-9]+), column (?P<toml_column>[0-9]+)\)"
    r"|(?P<end> \(at end of document\)))$"
)


def in_chinese(reason: str) -> str:
    """The reason in Chinese, with the line and column it names; one that is not known stays as it is."""
    if reason in _SYSTEM:
        return _SYSTEM[reason]
    place = _PLACE.search(reason)
    words = reason[: place.start()] if place else reason
    for pattern, chinese in _READERS:
        if found := pattern.fullmatch(words):
            return found.expand(chinese) + _where(place)
    return reason


def _where(place: re.Match[str] | None) -> str:
    if place is None:
        return ""
    if place["end"]:
        return "，在文件末尾"
    line, column = place["line"] or place["toml_line"], place["column"] or place["toml_column"]
    return f"，第 {line} 行第 {column} 列"
