"""The provider as allauth speaks to it, held to more: every token's signature, one subject, nothing kept of claims."""

from typing import Any

from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter

_NEEDED = frozenset({"iss", "aud", "exp", "sub"})


class CheckedAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """Believes a signed token alone: allauth trusts the connection it came by, and what userinfo says before it."""

    def complete_login(self, request: Any, app: Any, token: Any, **kwargs: Any) -> Any:  # noqa: ANN401 -- allauth's own
        """The log-in of the token's subject. Raises OAuth2Error."""
        given = kwargs["response"].get("id_token")
        if not given:
            raise OAuth2Error("no id_token")
        signed = self._decode_id_token(app, given)
        if missing := _NEEDED - signed.keys():
            raise OAuth2Error(f"id_token without {sorted(missing)}")
        told = self._fetch_user_info(token.token) if "userinfo_endpoint" in self.openid_config else {}
        if told and told.get("sub") != signed["sub"]:
            raise OAuth2Error("userinfo of another subject")
        login = self.get_provider().sociallogin_from_response(request, {"id_token": signed})
        login.claims = {**told, **signed}
        return login

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:  # noqa: ANN401 -- as above
        told: dict[str, Any] = jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
            verify_signature=True,
        )
        return told


class Provider(OpenIDConnectProvider):  # type: ignore[misc]
    """Nothing of what the provider says of a person is kept but the subject: the rest would lie in plain."""

    oauth2_adapter_class = CheckedAdapter

    def extract_extra_data(self, data: Any) -> dict[str, Any]:  # noqa: ANN401, ARG002 -- as above
        """Nothing."""
        return {}

    def extract_common_fields(self, data: Any) -> dict[str, Any]:  # noqa: ANN401, ARG002 -- as above
        """Nothing: no account is made from it."""
        return {}

    def extract_email_addresses(self, data: Any) -> list[Any]:  # noqa: ANN401, ARG002 -- as above
        """None, as above."""
        return []
