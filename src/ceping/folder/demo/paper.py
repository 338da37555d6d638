"""The report and attachments of a demo institution: complete, within bounds, and made of its strength."""

import hashlib
import struct
from collections.abc import Mapping

from ceping.core.scheme.loading import Scheme
from ceping.folder.demo import words
from ceping.folder.demo.cast import Member
from ceping.folder.demo.chance import Chance

LISTED_EVERY = 9
_DISTRICT_STREETS = ("南京西路", "漕宝路", "张杨路", "四川北路", "莘庄路", "长宁路", "曹杨路", "大连路")
_OWN_PHONES = 100_000
_DISGUISED = 2
_SERVICES = ("政策咨询", "融资对接", "法律培训", "技术诊断", "市场对接会", "人才招聘会", "知识产权辅导", "管理提升班")
_DUTIES = ("政策咨询", "企业走访", "活动组织", "项目申报", "档案管理", "客户回访")
_POLICIES = {
    "service": "服务管理制度",
    "finance": "财务管理制度",
    "hr": "人事管理制度",
    "quality": "服务质量控制办法",
    "fees": "服务收费标准",
    "complaints": "投诉处理机制",
}


def staff_of(member: Member) -> tuple[int, int, int]:
    """Headcount, full-time and qualified full-time people."""
    fulltime = 4 + member.strength // 5
    return fulltime + member.number % 6, fulltime, fulltime * min(member.strength + 5, 100) // 100


def is_certified(member: Member) -> bool:
    """Whether the institution has a certified management system."""
    return member.strength >= 70 and member.number % 2 == 0


def listed_clients(member: Member) -> int:
    """How many of the clients stand in the official list of specialised firms."""
    return sum(1 for client in member.clients if client % LISTED_EVERY == 0)


def attachments_of(member: Member) -> dict[str, tuple[int, bytes]]:
    """The attachments by file name, each with its checklist item and its bytes."""
    wanted = [
        (1, "登记证书"),
        (3, "收费标准"),
        (4, "租赁合同"),
        (5, "社保缴费单"),
        (6, "重大合作项目合同"),
        (8, "财务审计报告"),
    ]
    wanted += [(2, "荣誉证书")]
    wanted += [(7, f"合作协议{which}") for which in "甲乙丙"]
    wanted += [(9, "管理体系认证证书")] if is_certified(member) else []
    wanted += [(10, "信用报告")]
    names = [(item, f"附件{item:02d}_{content}_1.jpg") for item, content in sorted(wanted)]
    return {name: (item, picture(f"{member.name} {name}")) for item, name in names}


def picture(text: str) -> bytes:
    """A picture of one grey dot that carries the text as its comment, so that every file has its own hash."""

    def segment(marker: int, body: bytes) -> bytes:
        return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body

    table = bytes([0x00, 0x01, *[0] * 15, 0x00])
    return b"".join(
        (
            b"\xff\xd8",
            segment(0xE0, b"JFIF\0\x01\x01\x01\x00\x48\x00\x48\x00\x00"),
            segment(0xFE, text.encode()),
            segment(0xDB, bytes([0, *[16] * 64])),
            segment(0xC0, bytes([8, 0, 1, 0, 1, 1, 1, 0x11, 0])),
            segment(0xC4, table),
            segment(0xC4, bytes([0x10]) + table[1:]),
            segment(0xDA, bytes([1, 1, 0, 0, 63, 0])),
            b"\x3f",
            b"\xff\xd9",
        )
    )


def report_of(scheme: Scheme, member: Member, *, seed: int) -> dict[str, object]:
    """report.json, as the institution submitted it."""
    chance = Chance(seed, "report", member.number)
    legal = words.person(chance)
    attachments = [
        {"item": item, "file": name, "sha256": hashlib.sha256(content).hexdigest(), "indicators": []}
        for name, (item, content) in attachments_of(member).items()
    ]
    return {
        "scheme": scheme.id,
        "institution": {"uscc": member.uscc, "name": member.name},
        "answers": _answers(member, legal, chance),
        "tables": _tables(member, chance),
        "attachments": attachments,
        "commitment": {
            "text_sha256": scheme.form.commitment.sha256,
            "accepted_by": legal,
            "accepted_at": f"2022-01-{chance.between(5, 25):02d}T{chance.between(9, 16):02d}:30:00+08:00",
        },
    }


def _client_phone(member: Member, place: int) -> str:
    # One of those who deceive gives the legal representative's own number for a client: a signal to look at.
    own = member.part == "dishonest" and place == _DISGUISED
    return words.mobile(_OWN_PHONES + member.number * 2 if own else member.number * 67 + place)


def _answers(member: Member, legal: str, chance: Chance) -> dict[str, object]:
    headcount, fulltime, qualified = staff_of(member)
    spend = 20 + member.strength * 2
    phone = _OWN_PHONES + member.number * 2
    return {
        "head_name": legal,
        "filled_on": "2022-01-10",
        "name": member.name,
        "uscc": member.uscc,
        "address": f"上海市{chance.pick(_DISTRICT_STREETS)}{chance.between(1, 900)}号{chance.between(2, 18)}楼",
        "founded_on": f"{chance.between(1998, 2018)}-{chance.between(1, 12):02d}-{chance.between(1, 28):02d}",
        "independent": "yes",
        "nature": words.nature(member.category),
        "registered_capital": str(chance.between(1, 20) * 50),
        "office_area": str(chance.between(80, 1200)),
        "legal_name": legal,
        "legal_phone": words.mobile(phone),
        "legal_email": f"director{member.number}@example.com",
        "contact_name": words.person(chance),
        "contact_phone": words.mobile(phone + 1),
        "contact_email": f"office{member.number}@example.com",
        "shop_name": f"{member.name}服务云店铺" if member.shop_id else "",
        "categories": [member.category],
        "introduction": f"{member.name}长期服务本市中小企业，提供政策、融资、技术、市场等方面的咨询与对接。",
        "total_spend": str(spend),
        "public_spend": str(spend * member.strength // 300),
        "client_count": str(len(member.clients) + chance.between(0, 20)),
        "specialised_count": str(listed_clients(member)),
        "headcount": str(headcount),
        "fulltime_count": str(fulltime),
        "equipment_count": str(chance.between(0, 30)),
        "qualified_count": str(qualified),
        "certified": "yes" if is_certified(member) else "no",
        "plan_near": "每月举办一场专题活动，完善服务台账，新增线上咨询。",
        "plan_far": "三年内形成覆盖全区的中小企业服务网络。",
        "benefit_economic": f"全年为企业对接融资与订单合计约 {spend * 10} 万元。",
        "benefit_social": "活动获区级媒体报道，带动更多机构参与服务。",
        "problems": "基层服务力量不足，企业需求分散。",
        "measures": "建立分类服务清单，加强与行业组织的合作。",
    }


def _tables(member: Member, chance: Chance) -> dict[str, list[Mapping[str, str]]]:
    _, fulltime, _ = staff_of(member)
    departments = ("服务部", "综合部")
    team = dict.fromkeys(words.person(chance) for _ in range(min(fulltime, 6)))
    return {
        "daily_services": [
            {
                "content": service,
                "frequency": frequency,
                "clients": "中小企业",
                "client_count": str(chance.between(5, 40)),
            }
            for service, frequency in zip(_SERVICES, ("daily", "weekly", "monthly"), strict=False)
        ],
        "activities": [
            {
                "content": f"{chance.pick(_SERVICES)}专场",
                "mode": chance.pick(("线上", "线下", "线上线下结合")),
                "done_on": f"2021-{month:02d}-{chance.between(1, 28):02d}",
                "place": "上海市中小企业服务中心",
                "clients": "中小企业负责人",
                "client_count": str(chance.between(20, 120)),
            }
            for month in range(1, 2 + member.strength // 12)
        ],
        "honours": [
            {"group": "district", "name": "区优秀服务机构", "obtained_on": "2021-05-18", "issuer": "区科委"},
            {"group": "patents", "name": "服务管理软件著作权", "obtained_on": "2021-07-02", "issuer": "国家版权局"},
            {"group": "gathered", "name": "合作律师事务所、会计师事务所", "issuer": "上海市中小企业服务联盟"},
            {"group": "projects", "name": "产业对接大会", "obtained_on": "2021-03-01/2021-11-30", "issuer": "区经委"},
        ],
        "departments": [{"department": name} for name in departments],
        "team": [
            {
                "department": departments[place % 2],
                "member": name,
                "post": "服务专员" if place else "部门负责人",
                "education": chance.pick(("大专", "本科", "硕士")),
                "duty": chance.pick(_DUTIES),
            }
            for place, name in enumerate(team)
        ],
        "policies": [{"group": group, "name": name} for group, name in _POLICIES.items()],
        "clients": [
            {
                "name": words.firm_name(client),
                "contact": words.person(chance),
                "phone": _client_phone(member, place),
                "service": chance.pick(_SERVICES),
            }
            for place, client in enumerate(member.clients)
        ],
    }
