"""What the frozen lists show that a person should look at; kept sealed, because names stand in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ceping.core.report import Report
from ceping.core.scheme.loading import Scheme
from ceping.folder.signals import Filed, ListedClient, OwnNumber, signals_in, signals_json
from ceping.stages.verification.models import Client, Signals, Survey

ACROSS = "phone_across"
WORDS: Mapping[str, str] = {
    "phone_shared": "同一号码",
    "phone_own": "与机构号码相同",
    "phone_sequential": "号码连号",
    "contact_shared": "同一联系人",
    "name_near": "名称只差一字",
    "name_alike": "名称形近",
    ACROSS: "跨机构同一号码",
    "file_shared": "附件完全相同",
    "order_burst": "订单集中",
}


@dataclass(frozen=True, slots=True)
class Beside:
    """What a report says beside its list: the institution's own numbers, and its attachments by their hashes."""

    own: tuple[OwnNumber, ...]
    files: tuple[Filed, ...]


def beside(report: Report, uscc: str, rules: Scheme) -> Beside:
    """That of one report."""
    phones = [field for field in rules.form.fields if field.type == "phone"]
    return Beside(
        tuple(OwnNumber(uscc, one.name, str(given)) for one in phones if (given := report.answers.get(one.id))),
        tuple(Filed(uscc, one.file, one.sha256) for one in report.attachments if one.sha256),
    )


def rows_within(survey: Survey, said: Sequence[Beside]) -> list[dict[str, object]]:
    """The signals of each frozen list by itself, and of attachments handed in by two."""
    own = [number for one in said for number in one.own]
    files = [file for one in said for file in one.files]
    return signals_json(signals_in(_listed(survey), own, (), files, cross_institution=False))


def rows_across(survey: Survey) -> list[dict[str, object]]:
    """The signals of all frozen lists compared, which takes the organiser's word."""
    found = signals_in(_listed(survey), cross_institution=True)
    return signals_json(one for one in found if one.code == ACROSS)


def _listed(survey: Survey) -> list[ListedClient]:
    codes = dict(survey.frames.values_list("pk", "entry__institution__uscc"))
    clients = Client.objects.filter(frame__survey=survey).order_by("frame__entry__institution__uscc", "key")
    return [
        ListedClient(codes[one.frame_id], one.key, one.told("name"), one.told("contact"), one.told("phone"))
        for one in clients
    ]


def signals_of(survey: Survey) -> Sequence[Mapping[str, object]]:
    """The rows as last worked out; opened only where they are shown."""
    kept = Signals.objects.filter(survey=survey).first()
    return list(kept.rows) if kept is not None else []
