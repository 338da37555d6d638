"""What is said wherever a result is shown: that its parameters are not official, that something is missing."""

from datetime import date

from ceping.documents.page_content import PageValues
from ceping.documents.page_words import STATUS
from ceping.documents.sheet import Marks

ILLUSTRATIVE = "示例参数"
INCOMPLETE = "结果不完整：有缺少的文件或数值"
SPECIMEN = "样张"


def caution_of(values: PageValues) -> str:
    """The sentences in one line; empty when there is nothing to say."""
    notes = [f"本结果所用分值、权重和等次线为{STATUS['illustrative']}"] if values.marked else []
    notes += [INCOMPLETE] if values.incomplete else []
    return "；".join(notes)


def specimen_of(values: PageValues) -> str:
    """The watermark of a paper that would otherwise be taken for a final one; empty when it is final."""
    return SPECIMEN if values.marked or values.incomplete else ""


def provisional_of(values: PageValues) -> str:
    """The watermark of a working paper while its numbers are not final; empty when they are."""
    if values.marked:
        return ILLUSTRATIVE
    return "不完整" if values.incomplete else ""


def in_words(period: str) -> str:
    """2021年1月1日至2021年12月31日, of a period as the page has it."""
    start, _, end = period.partition(" 至 ")
    return f"{chinese_day(date.fromisoformat(start))}至{chinese_day(date.fromisoformat(end))}"


def chinese_day(day: date) -> str:
    """2022年5月8日."""
    return f"{day.year}年{day.month}月{day.day}日"


def result_marks(values: PageValues, sha256: str) -> Marks:
    """What matches a paper with the results it was made from: the scheme's label and the hash of results.json."""
    label = values.heading.scheme_label
    return Marks(label, sha256, f"CEPING:{label}:{sha256}".upper())
