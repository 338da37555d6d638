"""Addresses of the auditor."""

from testbed.duties.row import Routes

ROUTES: Routes = {}
