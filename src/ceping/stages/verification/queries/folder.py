"""The season folder's own tables out of this stage: clients.csv and calls.csv."""

from collections import defaultdict
from collections.abc import Mapping

from django.utils import timezone

from ceping.core.phone import normalised
from ceping.core.scheme.verification import VerificationFile
from ceping.core.verification import Call
from ceping.folder.columns import CALLS, CLIENTS
from ceping.stages.scheme.models import Season
from ceping.stages.verification.models import Attempt, Client, Drawn, Frame, Survey
from ceping.stages.verification.queries.boards import calls_of, client_draw_of, counted
from ceping.stages.verification.queries.lists import survey_of, table_of

_CHUNK = 5_000
_TOLD = ("name", "contact", "phone", "service")


def tables_of(season: Season) -> dict[str, list[dict[str, str]]]:
    """Rows by English header, by credit code and key; empty tables before the lists are frozen.

    The seed of the draw lies in `season.seeds["clients"]`; its size and strata are `draw_terms_of`.
    """
    survey, table = survey_of(season), table_of(season)
    if survey is None or table is None:
        return {CLIENTS.name: [], CALLS.name: []}
    codes = dict(Frame.objects.filter(survey=survey).values_list("pk", "entry__institution__uscc"))
    clients = Client.objects.filter(frame__survey=survey).order_by("frame__entry__institution__uscc", "key")
    # Plain rows: a season has tens of thousands.
    told = clients.values_list("frame", "key", "particulars").iterator(chunk_size=_CHUNK)
    rows = [
        {"uscc": codes[frame], "client_key": key, **{name: str(said.get(name, "")) for name in _TOLD}}
        for frame, key, said in told
    ]
    return {CLIENTS.name: rows, CALLS.name: _calls(survey, table, codes)}


def _calls(survey: Survey, table: VerificationFile, codes: Mapping[int, str]) -> list[dict[str, str]]:
    lines: dict[int, list[tuple[int, str, str, str]]] = defaultdict(list)
    places = Drawn.objects.filter(draw__superseded_at=None, frame__survey=survey).order_by("frame", "position")
    for frame, *place in places.values_list("frame", "client", "client__key", "role", "stratum"):
        lines[frame].append(tuple(place))  # type: ignore[arg-type]
    attempts: dict[int, list[Attempt]] = defaultdict(list)
    for attempt in Attempt.objects.filter(voided_at=None, frame__survey=survey).order_by("client", "number"):
        attempts[attempt.client_id].append(attempt)
    questions = [one.id for one in table.questions]
    rows = []
    for frame, drawn in sorted(lines.items(), key=lambda one: codes[one[0]]):
        of_key = {key: attempts[client] for client, key, _, _ in drawn if attempts[client]}
        made = {key: calls_of(of_one, key) for key, of_one in of_key.items()}
        draw = client_draw_of((key, role, stratum) for _, key, role, stratum in drawn)
        kept = counted(draw, made, table)
        for key in sorted(kept):
            for call, attempt in zip(kept[key], of_key[key], strict=True):
                rows.append(_row(codes[frame], call, attempt, questions))
    return rows


def _row(uscc: str, call: Call, attempt: Attempt, questions: list[str]) -> dict[str, str]:
    said = attempt.said
    answers = {name: call.answers.get(name) or str(said.get(name, "")) for name in questions}
    return {
        "uscc": uscc,
        "client_key": call.client_key,
        "attempt": str(call.attempt),
        "at": timezone.localtime(attempt.at).isoformat(timespec="seconds"),
        "mode": call.mode,
        "disposition": call.disposition,
        **answers,
    }


def draw_terms_of(season: Season) -> dict[str, object]:
    """What `[draw]` of season.toml has to say of the draw in force where it differs from the scheme; empty if not."""
    survey, table = survey_of(season), table_of(season)
    draw = survey.draws.filter(superseded_at=None).first() if survey is not None else None
    if draw is None or table is None:
        return {}
    size, strata = draw.record["size"], draw.record["strata"]
    terms: dict[str, object] = {}
    match size["rule"]:
        case "fixed" if size["count"] != table.sample.size:
            terms["size"] = size["count"]
        case "formula":
            terms |= {"size": "formula", "margin": size["margin"], "share": size["share"]}
        case "all":
            terms["size"] = "all"
    if strata:
        terms["strata"] = strata
    return terms


def authorisation_of(season: Season) -> dict[str, object]:
    """What `[authorisation]` of season.toml says: whether the organiser allows lists to be compared, by what."""
    survey = survey_of(season)
    if survey is None or survey.authorised_at is None or survey.authorised_by is None:
        return {}
    return {
        "cross_institution": True,
        "by": survey.authorised_by.name,
        "on": timezone.localtime(survey.authorised_at).date(),
        "document": survey.document,
    }


def phone_of(client: Client) -> str:
    """The client's number as it is dialled."""
    return normalised(client.told("phone"))
