"""What the frozen lists show that a person should look at; kept sealed, because names stand in it."""

from collections.abc import Mapping, Sequence

from ceping.folder.signals import Filed, ListedClient, OwnNumber, signals_in, signals_json
from ceping.stages.report.models import Submission
from ceping.stages.report.queries import report_in
from ceping.stages.scheme.queries import rules_of
from ceping.stages.verification.models import Client, Signals, Survey

WORDS: Mapping[str, str] = {
    "phone_shared": "同一号码",
    "phone_own": "与机构号码相同",
    "phone_sequential": "号码连号",
    "contact_shared": "同一联系人",
    "name_near": "名称只差一字",
    "name_alike": "名称形近",
    "phone_across": "跨机构同一号码",
    "file_shared": "附件完全相同",
    "order_burst": "订单集中",
}


def worked_out(survey: Survey) -> list[dict[str, object]]:
    """The signals of all frozen lists and their attachments, lists compared only where the organiser allows it."""
    rules = rules_of(survey.season)
    listed = [
        ListedClient(
            one.frame.entry.institution.uscc, one.key, one.told("name"), one.told("contact"), one.told("phone")
        )
        for one in Client.objects.filter(frame__survey=survey)
        .select_related("frame__entry__institution")
        .order_by("frame__entry__institution__uscc", "key")
    ]
    phones = [field for field in rules.form.fields if field.type == "phone"]
    own, files = [], []
    submissions = Submission.objects.filter(pk__in=survey.frames.values("submission"))
    for submission in submissions.select_related("entry__institution").order_by("entry__institution__uscc"):
        uscc, report = submission.entry.institution.uscc, report_in(submission.report)
        own += [OwnNumber(uscc, one.name, str(given)) for one in phones if (given := report.answers.get(one.id))]
        files += [Filed(uscc, one.file, one.sha256) for one in report.attachments if one.sha256]
    found = signals_in(listed, own, (), files, cross_institution=survey.authorised_at is not None)
    return signals_json(found)


def signals_of(survey: Survey) -> Sequence[Mapping[str, object]]:
    """The rows as last worked out; opened only where they are shown."""
    kept = Signals.objects.filter(survey=survey).first()
    return list(kept.rows) if kept is not None else []
