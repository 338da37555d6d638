"""Every act of the journal in words; a test holds the table to what the program records."""

from collections.abc import Mapping
from types import MappingProxyType

ACTS: Mapping[str, str] = MappingProxyType(
    {
        "accept_invitation": "接受邀请",
        "accept_commitment": "签署真实性承诺",
        "add_institution": "登记机构",
        "add_evidence": "上传附件",
        "advance_season": "推进测评年度",
        "answer_remark": "答复修改意见",
        "attach_scan": "上传盖章扫描件",
        "change_template": "修改消息模板",
        "claim_institution": "申请认领机构",
        "close_phase": "提前关闭阶段",
        "describe_evidence": "修改附件说明",
        "draft_scheme": "起草方案版本",
        "drop_letters": "取消外发邮件",
        "export_journal": "导出操作日志",
        "export_list": "导出名单",
        "export_progress": "导出进度",
        "propose_export": "申请导出个人信息",
        "decide_export": "审批导出个人信息",
        "extend_phase": "延长截止时间",
        "give_grant": "授予角色",
        "grant_role": "授予角色",
        "invite": "邀请开通账号",
        "invite_first": "在服务器上邀请首位人员",
        "issue_table": "出具汇总表",
        "open_entry": "机构参评",
        "open_season": "开设测评年度",
        "propose_scheme": "提出发布方案",
        "publish_scheme": "发布方案",
        "put_forward": "推荐",
        "not_put_forward": "不予推荐",
        "rank_entries": "调整推荐顺序",
        "receive_paper": "登记纸质材料",
        "release_letters": "放行外发邮件",
        "remind": "发出催办",
        "remove_evidence": "移除附件",
        "replace_evidence": "替换附件",
        "restore_evidence": "恢复附件",
        "return_report": "退回自评报告",
        "revoke_issue": "收回汇总表",
        "revoke_role": "收回角色",
        "set_phase": "修改日程",
        "set_quota": "设定名额",
        "settle_evidence": "确认附件",
        "settle_parameters": "确认或替换示例参数",
        "settle_remark": "确认意见已改好",
        "start_season": "批量开户",
        "submit_report": "提交自评报告",
        "take_offered": "采用导入内容",
        "undo_paper": "撤销纸质材料登记",
        "undo_recommendation": "撤回推荐决定",
        "undo_taking": "撤销导入",
        "withdraw_invitation": "撤回邀请",
        "withdraw_report": "撤回自评报告",
    }
)
KINDS: Mapping[str, str] = MappingProxyType(
    {
        "area": "推荐范围",
        "claim": "认领申请",
        "entry": "参评机构",
        "grant": "授权",
        "institution": "机构",
        "invitation": "邀请",
        "journal": "操作日志",
        "outbox": "外发邮件",
        "scheme_version": "方案版本",
        "remark": "修改意见",
        "season": "测评年度",
        "template": "消息模板",
        "user": "人员",
    }
)
BROKEN: Mapping[str, str] = MappingProxyType(
    {"missing": "缺这一条", "changed": "内容与封存时不同", "cut": "末尾被截去"}
)
