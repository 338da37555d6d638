"""What becomes of somebody the provider vouches for: an account that stands already, or a kind refusal."""

import logging
from typing import Any, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base import AuthError
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils import timezone

from ceping.core.finding import Finding, fault
from ceping.ground.people.access import Refused
from ceping.ground.people.identity import link_identity, person_claimed
from ceping.ground.people.models import User

_log = logging.getLogger(__name__)


class IdentityAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Nobody signs up by an identity; who is not known here is told whom to ask."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ANN401, ARG002 -- allauth's own
        """No."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:  # noqa: ANN401 -- as above
        """The log-in has its account, which the journal knows of. Raises ImmediateHttpResponse when there is none."""
        at, link = timezone.now(), sociallogin.account
        linking = sociallogin.state.get("process") == AuthProcess.CONNECT
        user = sociallogin.user if sociallogin.is_existing else None
        source = "self"
        if linking:
            user = request.user if isinstance(request.user, User) else None
        elif user is None:
            source = settings.OIDC.claim
            user = person_claimed(sociallogin.claims, source)
        if user is None:
            refuse(request, fault("people_identity_unknown"))
        try:
            row = link_identity(user=user, provider=link.provider, subject=link.uid, source=source, by=user, at=at)
        except Refused as refused:
            refuse(request, *refused.findings)
        if linking:
            messages.success(request, f"已关联{settings.IDENTITY}，下次可以用它登录")
            raise ImmediateHttpResponse(redirect("socialaccount_connections"))
        sociallogin.account, sociallogin.user = row, user

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,  # noqa: ANN401, ARG002 -- as above
        error: Any = None,  # noqa: ANN401 -- as above
        exception: Exception | None = None,
        extra_context: Any = None,  # noqa: ANN401, ARG002 -- as above
    ) -> None:
        """Told on the page the person came from; the log has the rest."""
        if error == AuthError.CANCELLED:
            refuse(request, fault("people_identity_cancelled"))
        _log.warning("identity provider: %s %s", error, type(exception).__name__, exc_info=exception)
        refuse(request, fault("people_identity_unreadable"))

    def serialize_instance(self, instance: Any) -> Any:  # noqa: ANN401 -- as above
        """What waits in the session for a second factor: of a person the number alone, all else would lie in plain."""
        return {"id": instance.pk} if isinstance(instance, User) else super().serialize_instance(instance)

    def deserialize_instance(self, model: Any, data: Any) -> Any:  # noqa: ANN401 -- as above
        """The same again, a person as they stand now."""
        return User.objects.get(pk=data["id"]) if model is User else super().deserialize_instance(model, data)


def refuse(request: HttpRequest, *findings: Finding) -> NoReturn:
    """Raises ImmediateHttpResponse: back to the log-in, or to the own links, with the words."""
    for one in findings:
        messages.error(request, f"{one.message()}。{one.remedy()}")
    raise ImmediateHttpResponse(
        redirect("socialaccount_connections" if request.user.is_authenticated else "account_login")
    )
