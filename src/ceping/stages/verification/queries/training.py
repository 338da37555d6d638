"""Made-up clients to practise on: what they say, and which outcome that is; nothing of it is ever stored."""

from collections.abc import Mapping
from dataclasses import dataclass

from ceping.core.scheme.verification import Disposition, VerificationFile


@dataclass(frozen=True, slots=True)
class Case:
    """One made-up client: name, contact, service, what is heard, what it is.

    `outcome` is a verdict with or without `partial`, or a class, so that it holds under any scheme's codes.
    """

    name: str
    contact: str
    service: str
    heard: str
    outcome: str
    partial: bool = False


INSTITUTION = "上海示例企业服务有限公司"
CASES = (
    Case(
        "上海晨启智能设备有限公司",
        "江先生",
        "企业管理提升咨询",
        "“接受过，就是管理咨询，做了半年。挺满意的，还会找他们。”",
        "confirmed",
    ),
    Case(
        "上海南屿食品有限公司",
        "孟女士",
        "政策申报辅导",
        "“来过一次讲政策。哎，我现在要进会场，先这样。”对方挂断，满意不满意没有来得及问。",
        "confirmed",
        partial=True,
    ),
    Case(
        "上海云栈软件有限公司",
        "负责人",
        "知识产权代理",
        "“没听说过这家公司，我们的知识产权一直是自己办的。”",
        "denied",
    ),
    Case("上海合丰建材有限公司", "陶先生", "融资对接", "“好像有这么回事，是不是他们我记不清了。”", "unsure"),
    Case("上海澜桥物流有限公司", "蔡女士", "人才培训", "响了一分钟，没有人接。", "non_contact"),
    Case("上海拓远机电有限公司", "何先生", "技术检测", "“您拨打的号码是空号，请核对后再拨。”", "dead"),
    Case(
        "上海知衡管理有限公司",
        "顾女士",
        "法律咨询",
        "“我就是服务机构的会计，这家公司也是我们老板开的。”",
        "linked",
    ),
    Case("上海禾木贸易有限公司", "魏先生", "市场开拓", "“不接受访问，不要再打来了。”", "refused"),
)


def marked(case: Case, disposition: str, table: VerificationFile) -> tuple[bool, Disposition | None]:
    """Whether the outcome fits what was heard, and the first outcome that would."""
    fitting = [one for one in table.dispositions if _fits(case, one)]
    return any(one.code == disposition for one in fitting), fitting[0] if fitting else None


def _fits(case: Case, one: Disposition) -> bool:
    return case.outcome in (one.verdict, one.outcome_class) and one.partial == case.partial


def counts_as(verdict: str) -> str:
    """What such an outcome does to the rate, in words."""
    return _EFFECTS.get(verdict, "")


_EFFECTS: Mapping[str, str] = {
    "confirmed": "计入核实数",
    "denied": "计入分母，不计核实",
    "dead": "计入分母，不计核实",
    "linked": "计入分母，不计核实",
    "unsure": "再访一次；仍记不清的不计入分母",
    "refused": "不计入分母，启用备选",
    "none": "不计入分母，换时段再呼",
}
