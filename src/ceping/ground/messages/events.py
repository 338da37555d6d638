"""What people are told of, and the words the platform ships for it; a row of `Template` takes their place."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from ceping.ground.people.roles import Role


class Event(StrEnum):
    """Something that happened, or is about to."""

    INVITATION = "invitation"
    RECEIPT = "receipt"
    WITHDRAWN = "withdrawn"
    RETURNED = "returned"
    PUT_FORWARD = "put_forward"
    NOT_PUT_FORWARD = "not_put_forward"
    DECISION_UNDONE = "decision_undone"
    DEADLINE = "deadline"
    REMINDED = "reminded"
    EXTENDED = "extended"
    PAPER_MISSING = "paper_missing"
    GRANTED = "granted"
    REVOKED = "revoked"
    EXPORT_ASKED = "export_asked"
    EXPORT_ACCEPTED = "export_accepted"
    EXPORT_REFUSED = "export_refused"
    ANSWER_ASKED = "answer_asked"
    NOTICE_OUT = "notice_out"
    RESULT_OUT = "result_out"
    OBJECTION_TAKEN = "objection_taken"
    RECHECK_ASKED = "recheck_asked"
    OBJECTION_ANSWERED = "objection_answered"
    ASSIGNED = "assigned"
    MARKS_REOPENED = "marks_reopened"
    RULING_ASKED = "ruling_asked"
    LISTS_HANDED = "lists_handed"
    ORDER_PLACED = "order_placed"
    ORDER_CANCELLED = "order_cancelled"
    ORDER_RATED = "order_rated"
    ORDER_MOVED = "order_moved"
    SHOP_OPENED = "shop_opened"
    SHOP_REFUSED = "shop_refused"
    SHOP_SUSPENDED = "shop_suspended"
    SHOP_REOPENED = "shop_reopened"
    SHOP_CLOSED = "shop_closed"
    ABUSE_ANSWERED = "abuse_answered"


EVENT_NAMES: Mapping[Event, str] = MappingProxyType(
    {
        Event.INVITATION: "邀请开通账号",
        Event.RECEIPT: "自评报告已提交",
        Event.WITHDRAWN: "自评报告已撤回",
        Event.RETURNED: "自评报告退回修改",
        Event.PUT_FORWARD: "已推荐",
        Event.NOT_PUT_FORWARD: "不予推荐",
        Event.DECISION_UNDONE: "推荐决定已撤回",
        Event.DEADLINE: "截止提醒",
        Event.REMINDED: "主办方催办",
        Event.EXTENDED: "截止时间已延长",
        Event.PAPER_MISSING: "纸质材料未到",
        Event.GRANTED: "获得角色",
        Event.REVOKED: "角色已收回",
        Event.EXPORT_ASKED: "有导出个人信息的申请",
        Event.EXPORT_ACCEPTED: "导出申请已同意",
        Event.EXPORT_REFUSED: "导出申请未同意",
        Event.ANSWER_ASKED: "请服务对象在线核验",
        Event.NOTICE_OUT: "测评结果公示",
        Event.RESULT_OUT: "测评结果发布",
        Event.OBJECTION_TAKEN: "异议已受理，待复核",
        Event.RECHECK_ASKED: "请专家复核",
        Event.OBJECTION_ANSWERED: "异议已答复",
        Event.ASSIGNED: "分派了评分任务",
        Event.MARKS_REOPENED: "部分打分待复核",
        Event.RULING_ASKED: "请专家裁定",
        Event.LISTS_HANDED: "分派了核验名单",
        Event.ORDER_PLACED: "新订单",
        Event.ORDER_CANCELLED: "买家取消订单",
        Event.ORDER_RATED: "新评价",
        Event.ORDER_MOVED: "订单进展",
        Event.SHOP_OPENED: "店铺开业",
        Event.SHOP_REFUSED: "开店申请未通过",
        Event.SHOP_SUSPENDED: "店铺停业",
        Event.SHOP_REOPENED: "店铺恢复营业",
        Event.SHOP_CLOSED: "店铺退出",
        Event.ABUSE_ANSWERED: "举报已答复",
    }
)


@dataclass(frozen=True, slots=True)
class Words:
    """Subject and body with names in braces; `by_mail` says whether a letter goes out as well."""

    subject: str
    body: str
    by_mail: bool = True


_INSTITUTION, _RECOMMENDER = Role.INSTITUTION, Role.RECOMMENDER
_ASKED = Words(
    "{who}申请导出 {count} 家机构的联系方式",
    "{who}申请导出{season} {count} 家机构的联系方式，要由另一人审批。请在 {due} 前看过用途和栏目，同意或不同意。",
)
_ACCEPTED = Words("导出申请已同意", "{who}同意了您的导出申请。文件生成后保留 24 小时，只有您能下载。")
_REFUSED = Words("导出申请未同意", "{who}没有同意您的导出申请。理由：{reason}")
# Under None stands what every role reads.
SHIPPED: Mapping[tuple[Event, Role | None], Words] = MappingProxyType(
    {
        (Event.INVITATION, None): Words(
            "请开通测评平台账号",
            "{name}，您好。\n现邀请您以“{role}”身份使用测评平台（{scope}）。请在 {due} 前打开链接，自设密码：\n{link}\n"
            "链接只能用一次。不是您本人的，不必理会。",
        ),
        (Event.RECEIPT, _INSTITUTION): Words(
            "已收到自评报告，回执号 {receipt}",
            "{institution}：{season}自评报告已提交，回执号 {receipt}。内容已封存；截止前需要改的，可以撤回后再交。",
        ),
        (Event.WITHDRAWN, _INSTITUTION): Words(
            "自评报告已撤回，尚未重新提交",
            "{institution}：回执号 {receipt} 的自评报告已撤回，现在是草稿。请在 {due} 前重新提交。",
        ),
        (Event.WITHDRAWN, _RECOMMENDER): Words(
            "{institution}撤回了自评报告",
            "{institution}撤回了回执号 {receipt} 的自评报告，重新提交后会回到审核列表。",
            by_mail=False,
        ),
        (Event.RETURNED, _INSTITUTION): Words(
            "自评报告退回修改，{due} 前交回",
            "{institution}：{area}退回了{season}自评报告，有 {count} 条修改意见。"
            "请逐条修改、答复，{due} 前再次提交；能改的地方在报告里标出。",
        ),
        (Event.PUT_FORWARD, _INSTITUTION): Words(
            "{area}已推荐贵机构参评", "{institution}：{area}已推荐贵机构参加{season}。后续安排会在平台上告知。"
        ),
        (Event.NOT_PUT_FORWARD, _INSTITUTION): Words(
            "{area}未推荐贵机构参评",
            "{institution}：{area}未推荐贵机构参加{season}。理由：{reason}\n有疑问的，请与推荐单位联系。",
        ),
        (Event.DECISION_UNDONE, _INSTITUTION): Words(
            "{area}撤回了推荐决定，报告重新审核",
            "{institution}：{area}撤回了先前的推荐决定，贵机构的自评报告重新进入审核。",
        ),
        (Event.DEADLINE, _INSTITUTION): Words(
            "自评报告{left}截止，尚未提交",
            "{institution}：{season}自评报告 {due} 截止，{left}。报告还没有提交，截止后不能再交。",
        ),
        (Event.REMINDED, _INSTITUTION): Words(
            "请完成自评报告", "{institution}：{season}自评报告还没有提交，{due} 截止。请尽快填完提交。"
        ),
        (Event.EXTENDED, _INSTITUTION): Words(
            "{phase}截止时间延至 {due}", "{institution}：{season}{phase}的截止时间延至 {due}。原因：{reason}"
        ),
        (Event.EXTENDED, _RECOMMENDER): Words(
            "{phase}截止时间延至 {due}", "{institution}（{area}）：{phase}的截止时间延至 {due}。原因：{reason}"
        ),
        (Event.PAPER_MISSING, _INSTITUTION): Words(
            "纸质材料还没有收到，{due} 截止",
            "{institution}：自评报告（回执号 {receipt}）的纸质材料还没有登记收到。请在 {due} 前送交{area}。",
        ),
        (Event.GRANTED, None): Words("您获得了“{role}”角色", "{name}，您好。您现在可以用“{role}”身份登录（{scope}）。"),
        (Event.REVOKED, None): Words("您的“{role}”角色已收回", "{name}，您好。您的“{role}”角色（{scope}）已收回。"),
        (Event.EXPORT_ASKED, Role.ORGANISER): _ASKED,
        (Event.EXPORT_ASKED, Role.LEAD): _ASKED,
        (Event.EXPORT_ACCEPTED, Role.ORGANISER): _ACCEPTED,
        (Event.EXPORT_ACCEPTED, Role.LEAD): _ACCEPTED,
        (Event.EXPORT_REFUSED, Role.ORGANISER): _REFUSED,
        (Event.EXPORT_REFUSED, Role.LEAD): _REFUSED,
        (Event.NOTICE_OUT, _INSTITUTION): Words(
            "{season}结果公示，{due} 前可提出异议",
            "{season}的测评结果已经公示。对结果有异议的，请在 {due} 前在平台上提出，并附证据；逾期不再受理。",
        ),
        (Event.RESULT_OUT, _INSTITUTION): Words(
            "{season}结果已发布", "{season}的测评结果已经发布。得分、每一分的来由、反馈报告和证书可在平台上查看、下载。"
        ),
        (Event.OBJECTION_TAKEN, Role.LEAD): Words(
            "异议 {receipt} 已受理，请安排复核",
            "主办方受理了异议 {receipt}，请安排没有参加过该机构测评的专家复核，{due} 前要答复。",
        ),
        (Event.RECHECK_ASKED, Role.ASSESSOR): Words(
            "请复核异议 {receipt}", "请对异议 {receipt} 作独立复核，写出意见。{due} 前要答复异议人。"
        ),
        (Event.OBJECTION_ANSWERED, _INSTITUTION): Words(
            "异议 {receipt} 已答复", "{institution}：贵机构提出的异议 {receipt} 已有结论：{reason}"
        ),
        (Event.ASSIGNED, Role.ASSESSOR): Words(
            "{season}：请为 {count} 家机构评分",
            "{name}：您被分派为{season} {count} 家机构评分。与其中机构有利害关系的，请在评分前先申报回避。",
        ),
        (Event.MARKS_REOPENED, Role.ASSESSOR): Words(
            "{institution}的报告有改动，{count} 项打分待复核",
            "{institution}重新提交了自评报告（{season}），您的 {count} 项打分涉及改动之处。"
            "请看过改动后重新打分，并再次签名。",
        ),
        (Event.RULING_ASKED, Role.ASSESSOR): Words(
            "请裁定{institution}的一项打分",
            "两位专家对{institution}的一项打分相差超过规定（{season}），请您作为第三位专家裁定并写明理由。",
        ),
        (Event.LISTS_HANDED, Role.VERIFIER): Words(
            "{season}：{count} 家机构的核验名单已交给您",
            "{name}：{season}有 {count} 家机构的服务对象核验名单交由您电话核验。呼叫只在规定时段内进行。",
        ),
        (Event.ORDER_PLACED, _INSTITUTION): Words(
            "新订单 {receipt}", "{institution}：{who}订了“{scope}”，订单 {receipt}。请尽快接单并联系对方。"
        ),
        (Event.ORDER_CANCELLED, _INSTITUTION): Words(
            "订单 {receipt} 已取消", "{institution}：{who}取消了“{scope}”的订单 {receipt}。原因：{reason}"
        ),
        (Event.ORDER_RATED, _INSTITUTION): Words(
            "订单 {receipt} 有新评价", "{institution}：{who}评价了“{scope}”（订单 {receipt}）。有评论的请回复。"
        ),
        (Event.ORDER_MOVED, None): Words(
            "订单 {receipt}：{phase}", "{name}，您好。您在“{scope}”的订单 {receipt} 现在是：{phase}。{reason}"
        ),
        (Event.SHOP_OPENED, _INSTITUTION): Words(
            "店铺“{scope}”已开业", "{institution}：店铺“{scope}”已通过审核，现在可以被找到、可以接单。"
        ),
        (Event.SHOP_REFUSED, _INSTITUTION): Words(
            "开店申请“{scope}”未通过",
            "{institution}：店铺“{scope}”的开店申请没有通过。原因：{reason}\n改好后可以再次申请。",
        ),
        (Event.SHOP_SUSPENDED, _INSTITUTION): Words(
            "店铺“{scope}”已停业",
            "{institution}：店铺“{scope}”已停业，暂不展示，也不能接新单。原因：{reason}\n已有的订单请照常办完。",
        ),
        (Event.SHOP_REOPENED, _INSTITUTION): Words(
            "店铺“{scope}”恢复营业", "{institution}：店铺“{scope}”恢复营业。说明：{reason}"
        ),
        (Event.SHOP_CLOSED, _INSTITUTION): Words(
            "店铺“{scope}”已退出",
            "{institution}：店铺“{scope}”已退出平台，不再展示和接单，已有的记录保留。原因：{reason}",
        ),
        (Event.ABUSE_ANSWERED, None): Words(
            "您的举报 {receipt} 已答复", "{name}，您好。您对店铺“{scope}”的举报（{receipt}）已处理：{reason}"
        ),
        # To clients, who have no account: by letter alone, never into an inbox.
        (Event.ANSWER_ASKED, Role.ENTERPRISE): Words(
            "请核实一次服务，约一分钟",
            "{name}：您好。{institution}在服务质量测评中把贵单位列为服务对象。请在 {due} 前打开链接，回答几个问题：\n"
            "{link}\n不用登录；链接只能用一次，请勿转发。没有接受过服务的，也请如实回答。",
        ),
    }
)


def shipped(event: Event, role: Role) -> Words | None:
    """The words for that role; None where it is not told of such things."""
    return SHIPPED.get((event, role)) or SHIPPED.get((event, None))
