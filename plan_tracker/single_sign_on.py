"""單一登入 by OpenID Connect: what the office's own provider says of somebody, checked.

Authlib does the protocol: state, nonce, PKCE, and the signature, issuer, audience and age of the
ID token. It is an extra (requirements/sso.txt): nothing of it is imported before a provider is set.
"""

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

NAME = "office"
SECONDS_TO_WAIT = 10
"""For each answer of the provider: a person waits before the page, and a thread with them."""
ON_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
EMAIL, USERNAME = "email", "username"
CLAIMS = (EMAIL, USERNAME)


class WrongSetting(Exception):
    """A setting with which nobody could sign in, or anybody."""


class SignOnFailed(Exception):
    """The provider, or the way to it, gave no identity that can be trusted."""


@dataclass(frozen=True)
class Identity:
    """Whom the provider has signed in; `subject` is what never changes of a person there."""

    issuer: str
    subject: str
    email: str
    is_email_verified: bool
    username: str


def checked_issuer(issuer: str, *, client_id: str, claim: str) -> str:
    """The address of the provider; "" where single sign-on is not set up."""
    if not issuer:
        return ""
    parts = urlsplit(issuer)
    is_safe = parts.scheme == "https" or parts.hostname in ON_THIS_MACHINE
    if not parts.hostname or not is_safe:
        raise WrongSetting("OIDC_ISSUER 要是 https:// 開頭的位址，別人才不能冒充單一登入。")
    if not client_id:
        raise WrongSetting("設了 OIDC_ISSUER，也要設 OIDC_CLIENT_ID 和 OIDC_CLIENT_SECRET。")
    if claim not in CLAIMS:
        raise WrongSetting("OIDC_MATCH 只能是 email 或 username。")
    if find_spec("authlib") is None or find_spec("requests") is None:
        raise WrongSetting("設了 OIDC_ISSUER，請先安裝套件：pip install -r requirements/sso.txt")
    return issuer.rstrip("/")


def begin(request: HttpRequest, callback: str) -> HttpResponse:
    """To the provider's own sign-in page."""
    with _troubles():
        response: HttpResponse = _client().authorize_redirect(request, callback)
    return response


def finish(request: HttpRequest) -> Identity:
    """Who has come back; SignOnFailed where that cannot be trusted."""
    client = _client()
    with _troubles():
        token = client.authorize_access_token(request)
        claims = dict(token.get("userinfo") or {})
        if not claims.get("sub"):
            raise SignOnFailed("no ID token")
        if client.load_server_metadata().get("issuer", "").rstrip("/") != settings.OIDC_ISSUER:
            raise SignOnFailed("the provider calls itself by another name")
        if settings.OIDC_MATCH not in _kinds_of_claims(claims):
            # Some providers say the mail address there only.
            more = dict(client.userinfo(token=token))
            if more.get("sub") == claims["sub"]:
                claims = {**more, **claims}
    return Identity(
        issuer=settings.OIDC_ISSUER,
        subject=str(claims["sub"]),
        email=str(claims.get("email") or ""),
        # Some providers write the word. Anything else is no proof.
        is_email_verified=claims.get("email_verified") in (True, "true"),
        username=str(claims.get("preferred_username") or ""),
    )


def address_to_sign_out(back: str) -> str:
    """The address of the provider's page for signing out there; "" where it has none."""
    with _troubles():
        address: str = _client().load_server_metadata().get("end_session_endpoint") or ""
    if not address:
        return ""
    query = {"client_id": settings.OIDC_CLIENT_ID, "post_logout_redirect_uri": back}
    return f"{address}?{urlencode(query)}"


def _kinds_of_claims(claims: dict[str, Any]) -> set[str]:
    kinds = set()
    if claims.get("email"):
        kinds.add(EMAIL)
    if claims.get("preferred_username"):
        kinds.add(USERNAME)
    return kinds


@cache
def _client_of(issuer: str, client_id: str, client_secret: str) -> Any:
    # Not at the head of the file: an office without single sign-on need not have it.
    from authlib.integrations.django_client import OAuth

    return OAuth().register(
        NAME,
        client_id=client_id,
        client_secret=client_secret,
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid profile email",
            "code_challenge_method": "S256",
            "default_timeout": SECONDS_TO_WAIT,
        },
    )


def _client() -> Any:
    """One for each provider: it keeps what the provider says of itself."""
    return _client_of(settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET)


class _troubles:
    """Turns every exception of the library into SignOnFailed."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: Any, trace: Any) -> None:
        if kind is None or not issubclass(kind, Exception) or issubclass(kind, SignOnFailed):
            return
        raise SignOnFailed(f"{kind.__name__}: {error}") from error
