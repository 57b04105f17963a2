"""For which site passkeys are made: browsers bind each to one name, and answer from no other."""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

LOCAL = "localhost"


class WrongPasskeyOrigin(Exception):
    """An address at which no browser makes a passkey; its words are for the person who sets it."""


@dataclass(frozen=True)
class PasskeySite:
    """The name that passkeys are bound to, and the address that browsers report."""

    host: str
    origin: str
    """`https://plan.example.org`; of this machine without a port, since any may be in use."""

    def takes(self, origin: str) -> bool:
        """Whether an answer that a browser made at this address is one for us."""
        if self.host == LOCAL and origin.startswith(f"{self.origin}:"):
            return True
        return origin == self.origin

    def is_at(self, host_and_port: str) -> bool:
        """Whether a page of this host (`request.get_host()`) can use them."""
        if self.host == LOCAL:
            # On one's own machine the port changes with each start, and the browser asks no more.
            return host_and_port == LOCAL or host_and_port.startswith(f"{LOCAL}:")
        address = urlsplit(self.origin)
        # A proxy may say the port of https, which an address leaves out.
        port = address.port or 443
        with_port = f"{self.host}:{port}"
        return host_and_port in (address.netloc, with_port)


def passkey_site(
    written: str, *, allowed_hosts: Iterable[str], tls: bool, is_trial: bool
) -> PasskeySite | None:
    """Where passkeys are used; None where there is no address for them, and nobody has set one.

    `written` is PASSKEY_ORIGIN; without it the one allowed host, or localhost in a trial.
    """
    hosts = list(allowed_hosts)
    if written:
        return _checked(written.rstrip("/"), hosts)
    if is_trial and not tls:
        return PasskeySite(LOCAL, f"http://{LOCAL}")
    names = [host for host in hosts if _is_name(host) and host != LOCAL]
    if tls and len(names) == 1 and len(hosts) == 1:
        return PasskeySite(names[0], f"https://{names[0]}")
    return None


def _checked(origin: str, allowed_hosts: list[str]) -> PasskeySite:
    address = urlsplit(origin)
    host = address.hostname or ""
    if address.path or address.query or address.username is not None or not host:
        raise WrongPasskeyOrigin(
            _words(origin, "只寫到主機（和埠號），例如 https://plan.example.org")
        )
    if address.scheme != "https" and (address.scheme, host) != ("http", LOCAL):
        raise WrongPasskeyOrigin(_words(origin, "瀏覽器只在 https 使用密碼金鑰（localhost 除外）"))
    if not _is_name(host):
        raise WrongPasskeyOrigin(_words(origin, "密碼金鑰要有主機名稱，不能用 IP 位址"))
    if not _is_allowed(host, allowed_hosts):
        raise WrongPasskeyOrigin(_words(origin, f"ALLOWED_HOSTS 裡沒有「{host}」"))
    if host == LOCAL:
        return PasskeySite(LOCAL, f"{address.scheme}://{LOCAL}")
    return PasskeySite(host, origin)


def _words(origin: str, reason: str) -> str:
    return f"PASSKEY_ORIGIN「{origin}」不能用：{reason}。"


def _is_name(host: str) -> bool:
    """Whether it is one name, and neither a pattern nor an address."""
    if host.startswith(".") or "*" in host:
        return False
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return True
    return False


def _is_allowed(host: str, allowed_hosts: list[str]) -> bool:
    return any(_fits(host, allowed) for allowed in allowed_hosts)


def _fits(host: str, allowed: str) -> bool:
    """As Django reads one of ALLOWED_HOSTS."""
    if allowed in ("*", host):
        return True
    return allowed.startswith(".") and f".{host}".endswith(allowed)
