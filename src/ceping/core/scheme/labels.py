"""What a person reads in place of a stored answer: the words of the form's options, 是 and 否."""

from collections.abc import Mapping

from ceping.core.scheme.metrics import FromField
from ceping.core.scheme.whole import Scheme

Labels = Mapping[str, Mapping[str, str]]
YES_NO = {"yes": "是", "no": "否"}


def labels_of(scheme: Scheme) -> Labels:
    """By metric, the words of each answer it may hold; numbers have none."""
    fields = scheme.form.field_by_id
    found: dict[str, dict[str, str]] = {}
    for name, metric in scheme.indicators.metrics.items():
        if metric.type == "yes_no":
            found[name] = dict(YES_NO)
        for _, source in metric.sources() if metric.type == "choice" else ():
            field = fields.get(source.field) if isinstance(source, FromField) else None
            for option in field.options if field is not None else ():
                found.setdefault(name, {}).setdefault(option.id, option.label)
    return found
