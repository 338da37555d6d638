"""States of a mark and of a difference, the ways to an assignment, kinds of conflicts, verdicts."""

from django.db.models import TextChoices


class MarkState(TextChoices):
    """Sealed until its sheet is signed; a report that changes what was judged asks for the mark once more."""

    SEALED = "sealed", "密封"
    OPEN = "open", "已公开"
    ADJUDICATED = "adjudicated", "已裁定"
    REOPENED = "reopened", "待复核"


class DifferenceState(TextChoices):
    """A difference over the limit: open until somebody decides; lapsed when the marks no longer differ."""

    DUE = "due", "待裁定"
    DECIDED = "decided", "已裁定"
    LAPSED = "lapsed", "已消除"


class Way(TextChoices):
    """How an assignment came about."""

    DRAWN = "drawn", "抽取"
    HAND = "hand", "指定"
    FILE = "file", "文件"


class ConflictKind(TextChoices):
    """What is said of an assessor and an institution; the last word stands."""

    DECLARED = "declared", "申报"
    DETECTED = "detected", "查出"
    CLEARED = "cleared", "解除"


class Verdict(TextChoices):
    """What a person found an attachment to be."""

    GENUINE = "genuine", "真实"
    DOUBTFUL = "doubtful", "存疑"
    FALSE = "false", "虚假"
    UNREADABLE = "unreadable", "无法辨认"
