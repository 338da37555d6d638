"""States of a season's verification, what a listener may say of a call, and when calls may be made."""

from django.db.models import TextChoices


class SurveyState(TextChoices):
    """Where the verification of a season stands; only forward."""

    SEEDED = "seeded", "已录入种子"
    FROZEN = "frozen", "名单已冻结"
    DRAWN = "drawn", "已抽样"
    CALLING = "calling", "呼叫中"
    CLOSED = "closed", "已结束"


class Mode(TextChoices):
    """How somebody answered."""

    PHONE = "phone", "电话"
    ONLINE = "online", "在线"


class Grade(TextChoices):
    """What the supervisor found who listened to a call."""

    SOUND = "sound", "合规"
    COACH = "coach", "需辅导"
    REPEAT = "repeat", "应重呼"
