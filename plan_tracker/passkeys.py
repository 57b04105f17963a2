"""密碼金鑰 (passkeys, WebAuthn): what a browser is asked, and whether its answer is right.

The library does the protocol; whose passkey it is, and what becomes of it, `items.workflow` knows.
"""

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from django.conf import settings
from fido2.cose import CoseKey
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestationConveyancePreference,
    AttestedCredentialData,
    AuthenticationResponse,
    AuthenticatorData,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from plan_tracker.passkey_site import PasskeySite

LONGEST_ANSWER = 20_000
"""Characters; an answer has a few hundred, one with a certificate some thousands."""
ALGORITHM = 3
"""The key of a COSE map that says with which algorithm it signs."""
UNREADABLE = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    RecursionError,
    NotImplementedError,
    struct.error,
    UnsupportedAlgorithm,
)
"""What the library raises at bytes that no browser has made."""


class WrongAnswer(Exception):
    """What the browser sent proves nothing; the words are for the log."""


@dataclass(frozen=True)
class PasskeyQuestion:
    """What the browser gets, and what is kept of it until the answer."""

    options: dict[str, Any]
    """JSON for the browser, as WebAuthn names it; bytes in base64url."""
    kept: dict[str, str]
    """For the session: the challenge."""


@dataclass(frozen=True)
class NewPasskey:
    """What a browser has made."""

    credential_id: str
    credential: bytes
    """Number and public key, as `verify` reads them."""
    sign_count: int
    is_synced: bool
    """It may be copied to other devices of its owner, by their maker."""


@dataclass(frozen=True)
class Proof:
    """Which passkey has answered, and its counter."""

    credential_id: str
    sign_count: int


def site() -> PasskeySite | None:
    """Where passkeys are used, or None."""
    found: PasskeySite | None = settings.PASSKEY_SITE
    return found


def ask_for_new(
    *, key: int, username: str, name: str, credentials: Sequence[bytes]
) -> PasskeyQuestion:
    """Ask the browser for a new passkey, and not on a device that has one of these already."""
    user = PublicKeyCredentialUserEntity(
        id=str(key).encode(), name=username, display_name=name or username
    )
    options, state = _server().register_begin(
        user,
        credentials=_parsed(credentials),
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return PasskeyQuestion(dict(options.public_key), _kept(state))


def read_new(kept: dict[str, str], answer: str) -> NewPasskey:
    """The passkey that the browser has made; WrongAnswer for anything else."""
    try:
        data = _server().register_complete(kept, _as_json(answer))
        credential = data.credential_data
        if credential is None:
            raise WrongAnswer("no credential in the answer")
        if credential.public_key.get(ALGORITHM) not in CoseKey.supported_algorithms():
            raise WrongAnswer("an algorithm that was not asked for")
    except UNREADABLE as error:
        raise WrongAnswer(str(error)) from None
    return NewPasskey(
        credential_id=websafe_encode(credential.credential_id),
        credential=bytes(credential),
        sign_count=data.counter,
        is_synced=data.is_backup_eligible(),
    )


def ask_for_proof(credentials: Sequence[bytes]) -> PasskeyQuestion:
    """Ask the browser to show that one of these passkeys is there, with its owner."""
    options, state = _server().authenticate_begin(
        _parsed(credentials), user_verification=UserVerificationRequirement.REQUIRED
    )
    return PasskeyQuestion(dict(options.public_key), _kept(state))


def read_proof(kept: dict[str, str], answer: str, credentials: Sequence[bytes]) -> Proof:
    """Which of the passkeys has answered; WrongAnswer where none has, or not to this question."""
    try:
        content = _as_json(answer)
        used = _server().authenticate_complete(kept, _parsed(credentials), content)
        response = AuthenticationResponse.from_dict(content)
        data: AuthenticatorData = response.response.authenticator_data
    except UNREADABLE as error:
        raise WrongAnswer(str(error)) from None
    return Proof(websafe_encode(used.credential_id), data.counter)


def _server() -> Fido2Server:
    of_office = site()
    if of_office is None:
        raise WrongAnswer("passkeys are not set up")
    party = PublicKeyCredentialRpEntity(id=of_office.host, name=f"{settings.ORGANISATION}計畫管考")
    # Which maker's device it is does not matter to us: nobody is asked for its certificate.
    return Fido2Server(
        party, attestation=AttestationConveyancePreference.NONE, verify_origin=of_office.takes
    )


def _kept(state: Any) -> dict[str, str]:
    return {name: str(value) for name, value in state.items()}


def _parsed(credentials: Sequence[bytes]) -> list[AttestedCredentialData]:
    return [AttestedCredentialData(bytes(credential)) for credential in credentials]


def _as_json(answer: str) -> dict[str, Any]:
    if len(answer) > LONGEST_ANSWER:
        raise WrongAnswer("too long")
    content = json.loads(answer)
    if not isinstance(content, dict):
        raise WrongAnswer("not an object")
    return content
