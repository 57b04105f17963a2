"""How passwords are kept: Argon2id, which costs a thief's graphics cards as much memory as us."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class OfficeArgon2(Argon2PasswordHasher):
    """Argon2id as OWASP's Password Storage Cheat Sheet asks for it: 19 MiB, twice, one lane.

    https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#argon2id names
    this as one of five settings of equal strength. Django's own (100 MiB on eight lanes) would take
    eight cores for a moment, of a server that has two.
    """

    time_cost = 2
    memory_cost = 19 * 1024  # KiB
    parallelism = 1
