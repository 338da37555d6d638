"""States of a season and of a scheme's version, and which may follow which."""

import itertools
from collections.abc import Mapping
from types import MappingProxyType

from django.db.models import TextChoices


class SeasonState(TextChoices):
    """Where a season stands; only forward, one step a time."""

    DRAFT = "draft", "筹备"
    FILING = "filing", "自评"
    RECOMMENDING = "recommending", "推荐"
    EVALUATING = "evaluating", "测评"
    COMPUTED = "computed", "已计算"
    SIGNED = "signed", "已签发"
    NOTICE = "notice", "公示"
    PUBLISHED = "published", "已发布"
    ARCHIVED = "archived", "已归档"


_ORDER = tuple(SeasonState)
NEXT: Mapping[SeasonState, SeasonState] = MappingProxyType(dict(itertools.pairwise(_ORDER)))


class PhaseKind(TextChoices):
    """What has an opening and a closing moment in a season."""

    FILING = "filing", "自评"
    PAPER = "paper", "纸质材料"
    RECOMMENDING = "recommending", "推荐"
    EVALUATING = "evaluating", "测评"
    NOTICE = "notice", "公示"


class VersionState(TextChoices):
    """A scheme's version: drafted, proposed by one person, published by another, for ever as it is from then on."""

    DRAFT = "draft", "草稿"
    PROPOSED = "proposed", "待发布"
    PUBLISHED = "published", "已发布"


class ParameterStatus(TextChoices):
    """What became of the parameters the official text does not give."""

    ILLUSTRATIVE = "illustrative", "示例"
    CONFIRMED = "confirmed", "已确认"
    REPLACED = "replaced", "已替换"
