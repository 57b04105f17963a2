"""A device with a passkey, as somebody has it beside the keyboard: answers what a browser would."""

import json
import secrets

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import sha256, websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

FLAG = AuthenticatorData.FLAG


class Device:
    """One key; `verifies` says whether it has looked at a finger or a PIN."""

    def __init__(self, host="testserver", origin="https://testserver", *, counts=True):
        self.host, self.origin = host, origin
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(32)
        self.count = 0
        self.counts = counts
        self.verifies = True

    def create(self, options):
        """The answer to `navigator.credentials.create`."""
        public = ES256.from_cryptography_key(self.key.public_key())
        credential = AttestedCredentialData.create(Aaguid.NONE, self.id, public)
        data = self._data(self._flags() | FLAG.AT, credential)
        attestation = AttestationObject.create("none", data, {})
        response = {
            "clientDataJSON": self._client(CollectedClientData.TYPE.CREATE, options).b64,
            "attestationObject": websafe_encode(attestation),
        }
        return self._answer(response)

    def get(self, options):
        """The answer to `navigator.credentials.get`."""
        assert websafe_encode(self.id) in [one["id"] for one in options["allowCredentials"]]
        client = self._client(CollectedClientData.TYPE.GET, options)
        data = self._data(self._flags())
        signature = self.key.sign(data + client.hash, ec.ECDSA(SHA256()))
        response = {
            "clientDataJSON": client.b64,
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(signature),
        }
        return self._answer(response)

    def _flags(self):
        return FLAG.UP | FLAG.UV if self.verifies else FLAG.UP

    def _data(self, flags, credential=b""):
        if self.counts:
            self.count += 1
        return AuthenticatorData.create(sha256(self.host.encode()), flags, self.count, credential)

    def _client(self, kind, options):
        return CollectedClientData.create(kind, websafe_decode(options["challenge"]), self.origin)

    def _answer(self, response):
        name = websafe_encode(self.id)
        answer = {"id": name, "rawId": name, "type": "public-key", "response": response}
        return json.dumps(answer | {"clientExtensionResults": {}})
