"""Addresses of the service institution."""

from testbed.duties.row import Routes

ROUTES: Routes = {}
