"""advice.json: what a person should look at before a result is signed; it changes no number and no promise of bytes."""

import json

from ceping.core.evaluation import Outcome
from ceping.core.scheme.loading import Scheme
from ceping.folder import columns
from ceping.folder.advice import MarkRow, advice_of
from ceping.folder.counting import Points
from ceping.folder.season import Season
from ceping.folder.signals import Crowded, Filed, ListedClient, OwnNumber, signals_in, signals_json


def advice_text(season: Season, outcome: Outcome, points: Points) -> tuple[str, int]:
    """The agreement of assessors and, where the lists are at hand, the signals of lists, attachments and orders.

    With the text comes how many signals there are.
    """
    scheme = season.scheme
    most = {item.key: item.judge.max for item in scheme.scored if item.judge is not None}
    rows = [
        MarkRow(result.entry.uscc, key, mark.assessor, mark.mark)
        for result in outcome.results
        for key, marks in result.entry.marks.items()
        for mark in marks
    ]
    advice = advice_of(rows, most=most)
    signals = None if season.terms.pseudonymised else _signals(season, scheme, points)
    advice["signals"] = signals
    return json.dumps(advice, ensure_ascii=False, indent=1) + "\n", len(signals or ())


def _signals(season: Season, scheme: Scheme, points: Points) -> list[dict[str, object]]:
    sheet = season.sheets.get(columns.CLIENTS.name)
    names = ("uscc", "client_key", "name", "contact", "phone")
    clients = [ListedClient(*(row.get(name) for name in names)) for row in sheet or ()]
    phones = [field for field in scheme.form.fields if field.type == "phone"]
    own = [
        OwnNumber(uscc, field.name, str(answer))
        for uscc, report in season.reports.items()
        for field in phones
        if (answer := report.answers.get(field.id))
    ]
    files = [
        Filed(uscc, attachment.file, attachment.sha256)
        for uscc, report in season.reports.items()
        for attachment in report.attachments
        if attachment.sha256
    ]
    allowed = season.terms.authorisation.cross_institution
    shops = {one.shop_id: uscc for uscc, one in season.institutions.items() if one.shop_id}
    crowded = [Crowded(shops[one.shop_id], one.minute, one.orders) for one in points.bursts if one.shop_id in shops]
    return signals_json(signals_in(clients, own, crowded, files, cross_institution=allowed))
