"""Addresses of the office: organiser, lead, operator, system and security officer."""

from testbed.duties.row import Routes

ROUTES: Routes = {}
