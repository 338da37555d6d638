"""What the two forms of an objection share: its files, and whom of a notice it is about."""

from django.http import HttpRequest

from ceping.core.finding import fault
from ceping.ground.files.actions import EVIDENCE, Arrived, take_in
from ceping.ground.people.access import Refused
from ceping.stages.publication.actions import MOST_FILES
from ceping.stages.publication.models import Notice
from ceping.stages.publication.queries import rows_in
from ceping.stages.report.models import Entry


def arrivals(request: HttpRequest) -> list[Arrived]:
    """The files of the form, each looked at. Raises Refused for the first that cannot be taken, and for too many."""
    files = [one for one in request.FILES.getlist("files") if one.size]
    if len(files) > MOST_FILES:
        raise Refused(fault("objection_files", place="files", most=MOST_FILES))
    return [take_in(one.chunks(), name=one.name or "", wanted=EVIDENCE) for one in files]


def names_on(notice: Notice) -> list[tuple[int, str]]:
    """Each row of the notice by its place: a credit code never stands in the form."""
    named = notice.columns.index("name")
    return [(number, row.cells[named]) for number, row in enumerate(rows_in(notice), 1)]


def entry_meant(notice: Notice, given: str) -> Entry | None:
    """The entry of the row chosen by its place; none for the list as a whole."""
    rows = rows_in(notice)
    if not given.isascii() or not given.isdigit() or not 1 <= int(given[:6]) <= len(rows):
        return None
    uscc = rows[int(given) - 1].uscc
    return Entry.objects.filter(season=notice.season, institution__uscc=uscc).select_related("institution").first()
