"""Who bought in an institution's shop in the season's period, held against the clients its report lists (part 五)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ceping.core import names, phone
from ceping.stages.report.models import Entry, Submission
from ceping.stages.report.queries import report_in
from ceping.stages.shop.queries.buyers import Bought, bought_in
from ceping.stages.shop.queries.facts import shop_codes_of

_CLIENTS = "clients"


@dataclass(frozen=True, slots=True)
class Buyer:
    """A buyer with the number of orders completed in the period; `listed` says whether the report names it."""

    name: str
    kind: str
    orders: int
    listed: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """Buyers, those with most orders first; how many clients of the report's list never bought here."""

    buyers: Sequence[Buyer]
    orders: int
    unlisted: int
    clients: int
    never_bought: int


def buyers_beside_clients(entry: Entry, submission: Submission | None) -> Beside | None:
    """The comparison; None for an institution without a shop on the platform.

    A firm is found by its name as verification counts clients, a person by the phone: what differs is for a person to
    look at and no fault by itself, since firms are served outside the shop as well.
    """
    code = shop_codes_of([entry.institution_id]).get(entry.institution_id)
    if code is None:
        return None
    rows = report_in(submission.report).tables.get(_CLIENTS, ()) if submission is not None else ()
    firms = {names.normalised(row.get("name", "")) for row in rows} - {""}
    phones = {phone.normalised(row.get("phone", "")) for row in rows} - {""}
    bought = bought_in(code, entry.season.from_on, entry.season.to_on)
    counted: Counter[Bought] = Counter(bought)
    buyers = [
        Buyer(one.shown, one.kind, number, _is_listed(one, firms, phones)) for one, number in counted.most_common()
    ]
    met = {names.normalised(one.firm) for one in counted if one.firm}
    return Beside(buyers, len(bought), sum(not one.listed for one in buyers), len(firms), len(firms - met))


def _is_listed(one: Bought, firms: set[str], phones: set[str]) -> bool:
    return names.normalised(one.firm) in firms if one.firm else phone.normalised(one.phone) in phones
