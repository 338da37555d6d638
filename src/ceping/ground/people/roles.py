"""Who somebody is here, what a role may do and how far: the table every page, action and test of access reads."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """A role; one person may hold several, each within its own bounds."""

    INSTITUTION = "institution"
    RECOMMENDER = "recommender"
    ASSESSOR = "assessor"
    VERIFIER = "verifier"
    LEAD = "lead"
    OPERATOR = "operator"
    SYSTEM_ADMIN = "system_admin"
    ORGANISER = "organiser"
    SECURITY_OFFICER = "security_officer"
    AUDITOR = "auditor"
    ENTERPRISE = "enterprise"
    PERSONAL = "personal"


ROLE_NAMES: Mapping[Role, str] = MappingProxyType(
    {
        Role.INSTITUTION: "服务机构",
        Role.RECOMMENDER: "推荐单位",
        Role.ASSESSOR: "测评专家",
        Role.VERIFIER: "核验员",
        Role.LEAD: "测评机构负责人",
        Role.OPERATOR: "平台运营",
        Role.SYSTEM_ADMIN: "系统管理员",
        Role.ORGANISER: "主办方",
        Role.SECURITY_OFFICER: "安全管理员",
        Role.AUDITOR: "审计员",
        Role.ENTERPRISE: "企业用户",
        Role.PERSONAL: "个人用户",
    }
)

# Everybody who works with other people's records: a second factor is asked of them at log-in.
STAFF = frozenset(Role) - {Role.INSTITUTION, Role.ENTERPRISE, Role.PERSONAL}
# 三员分立: no account ever holds two of these.
APART = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_OFFICER, Role.AUDITOR})


class Reach(StrEnum):
    """How far a role may do an act; the stage's own `access` answers for the one record at hand."""

    ALL = "all"
    OWN = "own"  # the own institution, or what lies in the own area
    ASSIGNED = "assigned"  # what was assigned, no conflict of interest
    LATER = "later"  # after a moment the stage names: own mark in, computed, published
    PROPOSE = "propose"  # the first of two steps
    PAIR = "pair"  # two persons


class Act(StrEnum):
    """What can be done, in the words of the table of duties."""

    READ_REPORT = "read_report"
    EDIT_REPORT = "edit_report"
    RECOMMEND = "recommend"
    CHANGE_CALENDAR = "change_calendar"
    MARK = "mark"
    SEE_OTHERS_MARKS = "see_others_marks"
    ASSIGN = "assign"
    REVEAL_PHONE = "reveal_phone"
    RECORD_CALL = "record_call"
    WAIVE = "waive"
    SIGN_RESULT = "sign_result"
    PUBLISH = "publish"
    FILE_OBJECTION = "file_objection"
    DECIDE_OBJECTION = "decide_objection"
    SEE_OWN_SCORE = "see_own_score"
    RUN_SHOP = "run_shop"
    OVERSEE_SHOPS = "oversee_shops"
    MANAGE_PEOPLE = "manage_people"
    READ_JOURNAL = "read_journal"
    EXPORT_PERSONAL = "export_personal"


_ALL, _OWN, _ASSIGNED, _LATER, _PROPOSE, _PAIR = Reach
_DUTIES: Mapping[Act, Mapping[Role, Reach]] = {
    Act.READ_REPORT: {
        Role.INSTITUTION: _OWN,
        Role.RECOMMENDER: _OWN,
        Role.ASSESSOR: _ASSIGNED,
        Role.LEAD: _ALL,
        Role.ORGANISER: _ALL,
    },
    Act.EDIT_REPORT: {Role.INSTITUTION: _OWN},
    Act.RECOMMEND: {Role.RECOMMENDER: _OWN},
    Act.CHANGE_CALENDAR: {Role.ORGANISER: _ALL},
    Act.MARK: {Role.ASSESSOR: _ASSIGNED, Role.LEAD: _ALL},
    Act.SEE_OTHERS_MARKS: {Role.ASSESSOR: _LATER, Role.LEAD: _ALL, Role.ORGANISER: _LATER},
    Act.ASSIGN: {Role.LEAD: _ALL},
    Act.REVEAL_PHONE: {Role.INSTITUTION: _OWN, Role.VERIFIER: _ASSIGNED, Role.LEAD: _ALL},
    Act.RECORD_CALL: {Role.VERIFIER: _ASSIGNED},
    Act.WAIVE: {Role.LEAD: _PROPOSE, Role.ORGANISER: _ALL},
    Act.SIGN_RESULT: {Role.LEAD: _PROPOSE, Role.ORGANISER: _ALL},
    Act.PUBLISH: {Role.ORGANISER: _PAIR},
    Act.FILE_OBJECTION: {Role.INSTITUTION: _OWN},
    Act.DECIDE_OBJECTION: {Role.LEAD: _PROPOSE, Role.ORGANISER: _ALL},
    Act.SEE_OWN_SCORE: {Role.INSTITUTION: _LATER, Role.LEAD: _ALL, Role.ORGANISER: _ALL},
    Act.RUN_SHOP: {Role.INSTITUTION: _OWN},
    Act.OVERSEE_SHOPS: {Role.OPERATOR: _ALL},
    Act.MANAGE_PEOPLE: {Role.INSTITUTION: _OWN, Role.RECOMMENDER: _OWN, Role.SECURITY_OFFICER: _ALL},
    Act.READ_JOURNAL: {Role.AUDITOR: _ALL},
    Act.EXPORT_PERSONAL: {
        Role.INSTITUTION: _OWN,
        Role.RECOMMENDER: _OWN,
        Role.LEAD: _PAIR,
        Role.ORGANISER: _PAIR,
    },
}


def reach_of(role: Role, act: Act) -> Reach | None:
    """How far the role may do it; None when it may not at all."""
    return _DUTIES[act].get(role)


def roles_for(act: Act) -> frozenset[Role]:
    """Every role that may do it, however far."""
    return frozenset(_DUTIES[act])
