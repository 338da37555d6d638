"""The files of a season folder as a table: their columns, what each cell may hold, and the key no two rows share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

# `code` is text that a spreadsheet likes to turn into a number; `whole` a count; `instant` a date with a time of day.
CellType = Literal["text", "code", "uscc", "number", "whole", "date", "instant", "choice"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, its Chinese names on input, what its cells hold, whether every cell is filled.

    A column whose cells may stay empty may be left out of the file; one that is a `gap` where empty may not: an empty
    cell there is a missing value, not a value left out on purpose.
    """

    name: str
    chinese: tuple[str, ...]
    type: CellType = "text"
    filled: bool = True
    gap: bool = False
    words: Mapping[str, str] | None = None

    @property
    def needed(self) -> bool:
        """Whether the file must have this column."""
        return self.filled or self.gap


@dataclass(frozen=True, slots=True)
class File:
    """One CSV file: its name, columns and key; `open_prefix` lets further columns in whose names begin so."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    open_prefix: str = ""

    def column(self, name: str) -> Column | None:
        """The column of that name."""
        return next((column for column in self.columns if column.name == name), None)

    def named(self, header: str) -> str | None:
        """The English name of a header cell, which may be Chinese; None for one this file does not know."""
        plain = header.strip()
        for column in self.columns:
            if plain == column.name or plain in column.chinese:
                return column.name
        return plain if self.open_prefix and plain.startswith(self.open_prefix) else None


def _uscc() -> Column:
    return Column("uscc", ("统一社会信用代码", "信用代码"), "uscc")


def _indicator() -> Column:
    return Column("indicator_id", ("指标", "指标编号", "评分项"), "code")


def _assessor() -> Column:
    return Column("assessor_id", ("专家编号", "专家"), "code")


def _by(*, filled: bool = True) -> Column:
    return Column("by", ("经办人", "核定人", "裁定人"), filled=filled)


def _on(*, filled: bool = True) -> Column:
    return Column("on", ("日期", "核定日期", "决定日期", "查询日期"), "date", filled=filled)


def _reason(*, filled: bool) -> Column:
    return Column("reason", ("理由", "原因", "说明"), filled=filled)


YES_NO = {"yes": "是", "no": "否"}
CONFLICTS = {"declared": "申报", "detected": "查出", "cleared": "解除"}
VERDICTS = {"genuine": "真实", "doubtful": "存疑", "false": "虚假", "unreadable": "无法辨认"}
DECISIONS = {"waiver": "豁免", "veto": "否决"}
EFFECTS = {"waive": "豁免", "veto": "否决", "refuse": "不予"}
MODES = {"phone": "电话", "online": "在线"}
FLAGS = {"true": "是", "false": "否"}

INSTITUTIONS = File(
    "institutions.csv",
    (
        _uscc(),
        Column("name", ("机构名称", "服务机构名称", "名称")),
        Column("category", ("申报类别", "类别"), "code"),
        Column("recommender", ("推荐单位",), filled=False),
        Column("rank", ("推荐排名", "推荐顺序", "排名"), "whole", filled=False),
        Column("shop_id", ("店铺编号", "店铺"), "code", filled=False),
        # For the summary table alone, whose form has them and the report has not.
        Column("office_phone", ("办公电话", "座机"), filled=False),
        Column("fax", ("传真",), filled=False),
    ),
    ("uscc",),
)
ASSESSORS = File(
    "assessors.csv",
    (
        _assessor(),
        Column("name", ("姓名", "专家姓名")),
        Column("employer", ("工作单位", "单位"), filled=False),
        Column("expertise", ("专长", "专业领域"), filled=False),
        Column("load_max", ("承担上限", "最多承担"), "whole", filled=False),
    ),
    ("assessor_id",),
)
CONFLICTS_FILE = File(
    "conflicts.csv",
    (_assessor(), _uscc(), Column("kind", ("种类", "类型"), "choice", words=CONFLICTS), _reason(filled=False)),
    ("assessor_id", "uscc", "kind"),
)
PINS = File(
    "pins.csv",
    (
        _assessor(),
        _uscc(),
        Column("indicator_id", ("指标", "指标编号", "评分项"), "code", filled=False),
        _reason(filled=True),
        _by(),
        _on(),
    ),
    ("assessor_id", "uscc", "indicator_id"),
)
ASSIGNMENTS = File("assignments.csv", (_uscc(), _indicator(), _assessor()), ("uscc", "indicator_id", "assessor_id"))
MARKS = File(
    "marks.csv",
    (
        _uscc(),
        _indicator(),
        _assessor(),
        Column("mark", ("打分", "分数", "得分"), "number", filled=False, gap=True),
        Column("coefficient", ("系数",), "number", filled=False),
        _reason(filled=False),
    ),
    ("uscc", "indicator_id", "assessor_id"),
)
ADJUDICATIONS = File(
    "adjudications.csv",
    (_uscc(), _indicator(), Column("mark", ("裁定分", "打分", "分数"), "number"), _by(), _reason(filled=True)),
    ("uscc", "indicator_id"),
)
VERIFIED = File(
    "verified.csv",
    (
        _uscc(),
        Column("metric_id", ("核定项", "指标量"), "code"),
        Column("value", ("核定值", "值"), filled=False, gap=True),
        _reason(filled=False),
        _by(),
        _on(),
    ),
    ("uscc", "metric_id"),
)
EVIDENCE_CHECKS = File(
    "evidence_checks.csv",
    (
        _uscc(),
        Column("file", ("文件", "附件")),
        Column("verdict", ("结论", "核验结论"), "choice", words=VERDICTS),
        _reason(filled=False),
        _by(),
        _on(),
    ),
    ("uscc", "file"),
)
DECISIONS_FILE = File(
    "decisions.csv",
    (
        _uscc(),
        Column("kind", ("种类", "类型"), "choice", words=DECISIONS),
        Column("rule_id", ("规则", "规则编号"), "code"),
        Column("effect", ("效果", "决定"), "choice", words=EFFECTS),
        _reason(filled=True),
        Column("by_role", ("角色", "决定角色"), "choice", words={"organiser": "主办方", "lead": "测评机构负责人"}),
        _on(),
    ),
    ("uscc", "kind", "rule_id"),
)
EXTERNAL = File(
    "external.csv",
    (
        _uscc(),
        Column("check_id", ("查询项",), "code"),
        Column("value", ("结果", "值"), "choice", filled=False, gap=True, words=YES_NO),
        Column("source", ("来源",)),
        _on(),
    ),
    ("uscc", "check_id"),
)
CLIENTS = File(
    "clients.csv",
    (
        _uscc(),
        Column("client_key", ("服务对象编号", "编号"), "code"),
        Column("name", ("服务对象名称", "服务对象", "名称")),
        Column("contact", ("联系人",), filled=False),
        Column("phone", ("联系电话", "电话", "手机"), "code", filled=False),
        Column("service", ("服务内容", "服务"), filled=False),
    ),
    ("uscc", "client_key"),
)
CALLS = File(
    "calls.csv",
    (
        _uscc(),
        Column("client_key", ("服务对象编号", "编号"), "code"),
        Column("attempt", ("第几次", "次数"), "whole"),
        Column("at", ("时间", "呼叫时间"), "instant"),
        Column("mode", ("方式",), "choice", words=MODES),
        Column("disposition", ("呼叫结果", "结果代码"), "code"),
    ),
    ("uscc", "client_key", "attempt"),
    open_prefix="q_",
)
# By which columns a draw may be split: its record is for everybody to read, so persons and numbers make no stratum.
STRATA = tuple(
    column.name for column in CLIENTS.columns if column.name not in {"uscc", "client_key", "name", "contact", "phone"}
)
SPECIALISED = File(
    "specialised.csv",
    (
        Column("name", ("企业名称", "名称")),
        Column("uscc", ("统一社会信用代码", "信用代码"), "code", filled=False),
        Column("valid_from", ("有效期起", "认定日期"), "date", filled=False),
        Column("valid_to", ("有效期止", "到期日期"), "date", filled=False),
    ),
    ("name", "uscc", "valid_from"),
)
SHOPS = File(
    "shops.csv",
    (
        Column("shop_id", ("店铺编号",), "code"),
        Column("shop_name", ("店铺名称",), filled=False),
        Column("category", ("类别",), filled=False),
        Column("registered_on", ("公司注册时间", "注册日期"), "date"),
        Column("introduction", ("公司介绍",), filled=False),
        Column("website", ("公司官网",), filled=False),
        Column("certificate_count", ("证书数量", "公司资质（证书）"), "whole"),
        Column("product_count", ("产品数量", "服务产品数量"), "whole"),
        Column("decorated", ("个性化装修",), "choice", words=FLAGS),
        Column("activity_count", ("活动数量",), "whole", filled=False),
    ),
    ("shop_id",),
)

HISTORY = File(
    "history.csv",
    (
        _uscc(),
        Column("season", ("年度", "测评年度"), "code"),
        Column("grade", ("等次",)),
    ),
    ("uscc", "season"),
)

FILES: Sequence[File] = (
    INSTITUTIONS,
    ASSESSORS,
    CONFLICTS_FILE,
    PINS,
    ASSIGNMENTS,
    MARKS,
    ADJUDICATIONS,
    VERIFIED,
    EVIDENCE_CHECKS,
    DECISIONS_FILE,
    EXTERNAL,
    CLIENTS,
    CALLS,
    SPECIALISED,
    SHOPS,
    HISTORY,
)
