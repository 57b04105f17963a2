"""The codes that an app on a phone shows (TOTP, RFC 6238), and those on paper for a lost phone.

The database holds a random seed for each person; the secret is made of it and SECRET_KEY. So a
backup, or a database that somebody has copied, shows no code.
"""

import base64
import secrets
import unicodedata
from urllib.parse import quote

import pyotp
import segno
from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

SALT = "plan_tracker.one_time_codes"
SECONDS = 30
"""How long a code is shown."""
EARLIER_AND_LATER = (0, -1, 1)
"""The clock of a phone may differ by one code: this one first, then its neighbours."""
CODES_ON_PAPER = 10
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without I, O, 0 and 1, which people mistake for each other."""
PART, PARTS = 5, 2
"""A code on paper is written ABCDE-FGHJK: 50 bits, too many to guess in any number of tries."""


def new_seed() -> str:
    return secrets.token_hex(20)


def secret_of(seed: str, *, key: str | None = None) -> str:
    """The secret that the phone gets, in Base32; with the key of now unless another one is given."""
    digest = salted_hmac(SALT, seed, secret=key, algorithm="sha256").digest()
    # 160 bits, as RFC 4226 recommends.
    return base64.b32encode(digest[:20]).decode("ascii")


def step_of(seed: str, code: str, *, after: int, now: float) -> int | None:
    """The number of the half minute that the code belongs to; None for a wrong one.

    A code of `after` or before it has been used, or was overtaken by one that was.
    """
    this_step = int(now) // SECONDS
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        phone = pyotp.TOTP(secret_of(seed, key=key), interval=SECONDS)
        for difference in EARLIER_AND_LATER:
            step = this_step + difference
            is_right = constant_time_compare(phone.generate_otp(step), code)
            if is_right and step > after:
                return step
    return None


def address_for_phone(seed: str, username: str) -> str:
    """What the QR code says."""
    phone = pyotp.TOTP(secret_of(seed), interval=SECONDS)
    issuer = quote(f"{settings.ORGANISATION}計畫管考")
    # Once only: pyotp would say it in the name as well, at nine bytes a character, and the squares
    # become too small for the camera of a phone.
    return f"{phone.provisioning_uri(name=username)}&issuer={issuer}"


def qr_code(address: str) -> str:
    """The QR code as an SVG element of paths, without a style of its own."""
    code = segno.make(address, error="l", micro=False)
    # White around it in every colour scheme: phones read dark on light.
    # Without a size of its own, so that it has a viewBox and grows and shrinks with the page.
    drawn: str = code.svg_inline(
        border=4, light="#fff", svgclass="qr", lineclass=None, omitsize=True
    )
    return drawn


def spaced(secret: str) -> str:
    """In groups of four, for somebody who types it."""
    groups = [secret[start : start + 4] for start in range(0, len(secret), 4)]
    return " ".join(groups)


def new_paper_codes() -> list[str]:
    codes = []
    for _ in range(CODES_ON_PAPER):
        letters = [secrets.choice(LETTERS) for _ in range(PART * PARTS)]
        codes.append(_in_parts("".join(letters)))
    return codes


def _in_parts(letters: str) -> str:
    """「ABCDE-FGHIJ」: in two parts it is read from the paper and typed without losing the place."""
    return f"{letters[:PART]}-{letters[PART:]}"


def hashed_paper_code(code: str, seed: str) -> str:
    """What the database keeps of it; the seed makes it another one for each person."""
    return salted_hmac(f"{SALT}.paper", f"{seed}{code}", algorithm="sha256").hexdigest()


def hashes_of_paper_code(code: str, seed: str) -> list[str]:
    """The same with each key that still counts."""
    hashes = []
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        digest = salted_hmac(f"{SALT}.paper", f"{seed}{code}", secret=key, algorithm="sha256")
        hashes.append(digest.hexdigest())
    return hashes


def normal(code: str) -> str:
    """A code as we write it, however somebody typed it: full width, small letters, with spaces."""
    folded = unicodedata.normalize("NFKC", code).upper()
    bare = "".join(letter for letter in folded if letter.isalnum())
    if len(bare) == PART * PARTS:
        return _in_parts(bare)
    return bare
