"""Made-up firms, people, codes and telephone numbers: real in form, of nobody."""

from math import gcd

from stdnum.cn.uscc import calc_check_digit

from ceping.core.uscc import organisation_check
from ceping.folder.demo.chance import Chance

REGION = "310199"
_FIRST = "恒启明嘉瑞泰盛华信达宏远博文天泽汇通智慧新锐创联德润安康方正中和东升海川长风立诚"
_SECOND = "源景程安达丰隆昌盈科图峰朗越硕航睿凯腾辉宇鼎诺晟岳泓霖铭"
_TRADES = (
    "精密机械", "电子科技", "新材料", "生物医药", "软件", "自动化设备", "环保科技",
    "食品", "纺织", "仪器仪表", "物流", "汽车零部件", "光电", "包装", "医疗器械", "检测技术", "节能",
)  # fmt: skip
_SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红玲建国文波宁晨宇欣怡佳琪思远"
_PREFIXES = ("135", "136", "137", "138", "139", "150", "151", "158", "159", "182", "187", "188")
# Prime to the count of numbers, so that every one is met once.
_NUMBERS, _FAR = 120_000, 7919
_FIRMS = len(_FIRST) * len(_SECOND) * len(_TRADES)
# Prime to the number of firms, so that walking by it meets every firm before any twice.
_STRIDE = next(number for number in range(7919, 9000) if gcd(number, _FIRMS) == 1)
_KINDS = {
    "startup": ("创业服务有限公司", "91", "有限责任公司"),
    "technology": ("科技创新服务有限公司", "91", "有限责任公司"),
    "market": ("会展服务有限公司", "91", "有限责任公司"),
    "finance": ("投融资咨询有限公司", "91", "有限责任公司"),
    "business": ("商务服务有限公司", "91", "有限责任公司"),
    "ip": ("知识产权代理有限公司", "91", "有限责任公司"),
    "consulting": ("管理咨询有限公司", "91", "有限责任公司"),
    "legal": ("律师事务所", "31", "律师事务所"),
    "hr": ("人力资源服务有限公司", "91", "有限责任公司"),
    "association": ("企业服务促进会", "51", "社会团体"),
}


def institution_name(number: int, category: str) -> str:
    """The name of the institution of that number, different for every number below a thousand."""
    turn, first = divmod(number, len(_FIRST))
    pair = _FIRST[first] + _SECOND[(first * 7 + turn) % len(_SECOND)]
    return f"上海{pair}{_KINDS.get(category, _KINDS['business'])[0]}"


def nature(category: str) -> str:
    """What kind of body institutions of the category are."""
    return _KINDS.get(category, _KINDS["business"])[2]


def credit_code(number: int, category: str) -> str:
    """A code with both check characters right, in a region that is nobody's."""
    body = f"MADE{number:04d}"
    code = _KINDS.get(category, _KINDS["business"])[1] + REGION + body + organisation_check(body)
    return code + str(calc_check_digit(code))


def firm_name(number: int) -> str:
    """The client firm of that number; the names repeat only after thousands."""
    rest, trade = divmod(number * _STRIDE % _FIRMS, len(_TRADES))
    first, second = divmod(rest, len(_SECOND))
    return f"上海{_FIRST[first]}{_SECOND[second]}{_TRADES[trade]}有限公司"


def person(chance: Chance) -> str:
    """A person's name."""
    given = chance.pick(_GIVEN) + (chance.pick(_GIVEN) if chance.happens(70) else "")
    return chance.pick(_SURNAMES) + given


def mobile(number: int) -> str:
    """A mobile number, different for every number below 120 000; the block 0000 of each prefix.

    Neighbours lie far apart, as those of firms do: numbers in a row are a signal that somebody made them up.
    """
    number = number * _FAR % _NUMBERS
    return f"{_PREFIXES[number // 10_000 % len(_PREFIXES)]}0000{number % 10_000:04d}"
