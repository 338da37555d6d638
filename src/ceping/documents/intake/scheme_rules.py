"""The words of a scoring standard (评分标准) into a rule, where they leave nothing open; otherwise no rule at all."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from ceping.core.exact import short_text_of

_POINT = r"([0-9]+(?:\.[0-9]+)?)\s*分"
_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_JUDGED = re.compile(r"(?:专家|评委|评审组|评审员)[^，,。；;]{0,8}(?:打分|评分|评议|评定|评价|评审)|^(?:专家|评委)$")
_RATERS = re.compile(r"([0-9]{1,2}|[一二两三四五六七八九十])\s*(?:名|位)[^，,。；;]{0,4}(?:专家|评委)")
_STEP = re.compile(rf"(?:步长|间隔|精确到|最小单位)[为到是：:]?\s*{_POINT}")
_COUNT = re.compile(
    r"每[^，,。；;0-9一二两三四五六七八九十]{0,20}([0-9]+|[一二两三四五六七八九十])?\s*"
    r"(个|家|项|次|人|场|件|名|篇|部|起|户)[^，,。；;0-9]{0,20}[，,]?\s*[加得计]\s*" + _POINT
)
_CAP = re.compile(rf"(?:最高|上限|封顶|满分|最多)[^0-9，,。；;]{{0,8}}{_POINT}|直到满分|加满为止|(满分为止)")
_FLAG = re.compile(
    rf"([^，,。；;]{{2,60}}?)[，,的]?\s*[得计]\s*{_POINT}[；;，,。]\s*"
    r"(?:否则|没有|无|未|不)[^0-9。；;]{0,20}(?:不得分|不计分|得?\s*0\s*分)[。]?"
)


@dataclass(frozen=True, slots=True)
class Understood:
    """A rule as key to text, what is left to say in it, the metric it reads, and the sentence that tells it back.

    `open` are keys the words do not give. `metric` is empty for a rule of assessors; `yes_no` says what it holds.
    """

    rule: Mapping[str, str]
    told: str
    open: tuple[str, ...] = ()
    metric: str = ""
    unit: str = ""
    yes_no: bool = False


def understood(criteria: str, method: str, full: Decimal, metric: str) -> Understood | None:
    """The rule these words give for an item worth `full`, reading `metric`; None when they leave it open."""
    if judged := _judged(f"{method}。{criteria}", method, full):
        return judged
    text = criteria.strip()
    if not text:
        return None
    flag = _FLAG.fullmatch(text)
    if flag and Decimal(flag[2]) == full:
        points = short_text_of(Decimal(flag[2]))
        when = f'{{ metric = "{metric}", op = "==", value = "yes" }}'
        told = f"“{flag[1]}”成立得 {points} 分，否则 0 分"
        return Understood({"kind": '"flag"', "when": when, "points": f'"{points}"'}, told, (), metric, "", yes_no=True)
    return _counted(text, full, metric)


def _judged(words: str, method: str, full: Decimal) -> Understood | None:
    if not (_JUDGED.search(words) or _JUDGED.search(method.strip())):
        return None
    most = short_text_of(full)
    rule = {"kind": '"judge"', "max": f'"{most}"'}
    raters, step = _RATERS.search(words), _STEP.search(words)
    if step:
        rule["step"] = f'"{short_text_of(Decimal(step[1]))}"'
    if raters:
        rule["raters"] = str(_number(raters[1]))
    left = tuple(key for key in ("step", "raters") if key not in rule)
    who = f"{rule['raters']} 名专家" if raters else "专家"
    return Understood(rule, f"{who}打分，0 至 {most} 分", left)


def _counted(text: str, full: Decimal, metric: str) -> Understood | None:
    found, cap = _COUNT.search(text), _CAP.search(text)
    # More than one sentence with points says more than one rule can.
    if found is None or cap is None or len(re.findall(_POINT, text)) > 1 + bool(cap[1]):
        return None
    every, points = _number(found[1] or "1"), short_text_of(Decimal(found[3]))
    most = short_text_of(Decimal(cap[1])) if cap[1] else short_text_of(full)
    if Decimal(most) != full:
        return None
    rule = {"kind": '"count"', "metric": f'"{metric}"', "points": f'"{points}"', "cap": f'"{most}"'}
    if every > 1:
        rule["every"] = f'"{every}"'
    return Understood(rule, f"每 {every} {found[2]} {points} 分，最多 {most} 分", (), metric, found[2])


def _number(text: str) -> int:
    return _DIGITS[text] if text in _DIGITS else int(text)
