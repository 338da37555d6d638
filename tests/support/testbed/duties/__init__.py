"""What the table of duties expects of every address, written out as data; nothing here is read from the program.

A module a reader, as the pages are; a row a route, by its name in the address table.
"""

from testbed.duties import (
    api,
    assessor,
    auditor,
    institution,
    market,
    office,
    operator,
    public,
    recommender,
    ui,
    verifier,
)
from testbed.duties.row import COLUMNS, Routes, Row

__all__ = ["COLUMNS", "GUARDED", "ROUTES", "Row"]
ROUTES: Routes = {
    **ui.ROUTES,
    **institution.ROUTES,
    **recommender.ROUTES,
    **office.ROUTES,
    **operator.ROUTES,
    **assessor.ROUTES,
    **auditor.ROUTES,
    **verifier.ROUTES,
    **public.ROUTES,
    **market.ROUTES,
    **api.ROUTES,
}
# Views of packages that guard themselves; what stands here by prefix needs no row.
GUARDED = ("allauth.", "django.contrib.staticfiles.")
