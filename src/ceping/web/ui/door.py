"""The door of every page: who may knock is said beside the view, and a view without a door is no page at all.

A door asks for a role. Which record of that role's the reader may see is asked of the stage's own `access`.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from ceping.ground.people.roles import STAFF, Act, Role, roles_for
from ceping.web.ui.faults import wrong_method

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
_log = logging.getLogger(__name__)
# Views of packages that guard themselves.
_GUARDED = ("allauth.", "django.contrib.staticfiles.")


@dataclass(frozen=True, slots=True)
class Door:
    """Who may knock: anybody (`public`), anybody known (`signed_in`), or who holds one of `roles`.

    `acts` name the duties the page serves, for the matrix of access; `writes_on_get` lets a look be recorded; `files`
    lets a form be as large as a file.
    """

    roles: frozenset[Role] = frozenset()
    acts: tuple[Act, ...] = ()
    public: bool = False
    signed_in: bool = False
    writes_on_get: bool = False
    files: bool = False


def door(
    *who: Role | Act, public: bool = False, signed_in: bool = False, writes_on_get: bool = False, files: bool = False
) -> Callable[[View], View]:
    """Puts a door before a view: roles, or acts whose roles are those of the table of duties.

    With roles and acts together only those of the named roles pass that also hold every act.
    """
    acts = tuple(item for item in who if isinstance(item, Act))
    roles = frozenset(item for item in who if isinstance(item, Role))
    for act in acts:
        roles = roles & roles_for(act) if roles else roles_for(act)
    made = Door(roles, acts, public=public, signed_in=signed_in, writes_on_get=writes_on_get, files=files)
    if not (made.roles or public or signed_in):
        raise TypeError("a door needs a role, an act, public or signed_in")

    def put(view: View) -> View:
        view.door = made  # type: ignore[attr-defined]
        return view

    return put


def door_of(view: Callable[..., Any]) -> Door | None:
    """The door of a view as the address table holds it."""
    found = getattr(view, "door", None)
    return found if isinstance(found, Door) else None


class DoorMiddleware:
    """Lets a request through the door of its view, or answers: log in, second factor, not allowed, no such page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The response."""
        response = self.get_response(request)
        if (
            response.status_code == 405
            and "text/html" in request.headers.get("Accept", "")
            and not _is_fragment(request)
        ):
            return wrong_method(request, response)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: object, _kwargs: object
    ) -> HttpResponseBase | None:
        """None when the reader may pass."""
        if view.__module__.startswith(_GUARDED):
            return None
        wanted = door_of(view)
        if wanted is None:
            _log.error("a view without a door: %s", view.__qualname__)
            raise Http404
        if wanted.public:
            return None
        user = request.user
        if not user.is_authenticated:
            return _log_in(request)
        held = user.roles
        if wanted.roles and not wanted.roles & held:
            raise PermissionDenied
        if held & STAFF and not settings.DEMO and not user.has_second_factor:
            return _lead(request, "mfa_index")
        return None


def _is_fragment(request: HttpRequest) -> bool:
    """Whether a page asks by script and would put the answer into itself."""
    return bool(request.headers.get("HX-Request")) or "application/json" in request.headers.get("Accept", "")


def _lead(request: HttpRequest, name: str) -> HttpResponseBase:
    """On to another page, and never with that page in the place of a fragment."""
    if _is_fragment(request):
        return HttpResponse(status=204, headers={"HX-Redirect": reverse(name)})
    return redirect(name)


def _log_in(request: HttpRequest) -> HttpResponseBase:
    """A page leads to the log-in; a fragment says 401, upon which the page asks in place and keeps what was typed."""
    if _is_fragment(request):
        return HttpResponse(status=401)
    return redirect_to_login(request.get_full_path())
