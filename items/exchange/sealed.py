"""What one process has worked out, kept where all of them can read it: packed and signed.

It is read back only for the same purpose, with the same key and by the same version of this code;
for anything else it counts as not there, and is worked out anew.
"""

import hashlib
import hmac
import pickle
import zlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.crypto import salted_hmac

_SIGNATURE = hashlib.sha256().digest_size
# The fastest level: tables of 10,000 rows shrink to a tenth all the same.
_LEVEL = 1


def seal(value: object, purpose: str) -> bytes:
    """The value as bytes; `purpose` says what it is of and what it was worked out from."""
    packed = zlib.compress(pickle.dumps(value, pickle.HIGHEST_PROTOCOL), _LEVEL)
    return _signature(packed, purpose) + packed


def unseal(sealed: bytes | memoryview, purpose: str) -> Any:
    """What was sealed for this very purpose; None where it was not, or where somebody changed it."""
    content = bytes(sealed)
    signature, packed = content[:_SIGNATURE], content[_SIGNATURE:]
    if not hmac.compare_digest(signature, _signature(packed, purpose)):
        return None
    # Only after the signature has shown that this service wrote it: a pickle can run code.
    return pickle.loads(zlib.decompress(packed))  # nosec B301


def _signature(packed: bytes, purpose: str) -> bytes:
    whole_purpose = f"{_version_of_code()} {purpose}"
    return salted_hmac(whole_purpose, packed, algorithm="sha256").digest()


@lru_cache(maxsize=1)
def _version_of_code() -> str:
    """A fingerprint of this folder: after an update, the classes may have other fields."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
