"""The words of a message: names in braces out of a fixed dictionary, and nothing a template could reach beyond them."""

import string
from collections.abc import Mapping

from ceping.core.finding import Finding, fault

PLACEHOLDERS: Mapping[str, str] = {
    "name": "收信人姓名",
    "institution": "机构名称",
    "season": "测评年度",
    "area": "推荐范围",
    "phase": "阶段名称",
    "due": "截止时间",
    "receipt": "回执号",
    "reason": "理由",
    "count": "数目",
    "link": "链接",
    "left": "还剩的时间",
    "role": "角色",
    "scope": "机构、店铺或推荐范围",
    "who": "经办人姓名",
}


def faults_in_words(text: str, *, place: str) -> list[Finding]:
    """Every unknown name, attribute, index or format in the text; checked when it is saved."""
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError:
        return [fault("message_braces", place=place)]
    wrong = [
        name + (f"!{conversion}" if conversion else "") + (f":{form}" if form else "")
        for _, name, form, conversion in parts
        if name is not None and (name not in PLACEHOLDERS or form or conversion)
    ]
    known = "、".join(f"{{{name}}}" for name in PLACEHOLDERS)
    return [fault("message_placeholder", place=place, given=f"{{{one}}}", known=known) for one in wrong]


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its values; what has none stays empty. Raises ValueError for text that was never checked."""
    if faults_in_words(text, place=""):
        raise ValueError("unchecked words")
    return text.format_map({name: values.get(name, "") for name in PLACEHOLDERS})


SAMPLES: Mapping[str, str] = {
    "name": "陈文静",
    "institution": "上海示例企业服务有限公司",
    "season": "2021年度测评",
    "area": "浦东新区",
    "phase": "自评",
    "due": "2022年3月31日 17:00",
    "receipt": "2022-000-123-016",
    "reason": "附件 4 的租赁合同已过期",
    "count": "3",
    "link": "https://example.org/",
    "left": "还有 3 天",
    "role": "服务机构",
    "scope": "上海示例企业服务有限公司",
}


def preview(text: str) -> str:
    """The text as somebody would read it, with invented values. Raises ValueError for text that was never checked."""
    return filled(text, SAMPLES)
