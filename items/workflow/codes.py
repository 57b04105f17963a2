"""項次編號: the running number of a code is never given to a second item."""

import re

from items.models import Action, Programme

_CODE = re.compile(r"(?P<year>1\d\d)-\d+", re.ASCII)


def year_of_code(code: str) -> int | None:
    """The year that a text names which has the form of a code; None for any other text."""
    match = _CODE.fullmatch(code)
    if match is None:
        return None
    return int(match["year"])


def running_number(code: str) -> int:
    """The number behind the hyphen of `115-01`; 0 where there is none."""
    number = code.rpartition("-")[2]
    if not number.isdecimal():
        return 0
    return int(number)


def raise_last_code(programme: Programme, number: int) -> None:
    """Note that a running number is in use, in the transaction that makes the action.

    Links and notes to an item outlive it: after its deletion no other item may bear the code.
    """
    # One statement that compares in the database: of two people at once neither lowers the number.
    Programme.objects.filter(pk=programme.pk, last_code__lt=number).update(last_code=number)
    programme.last_code = max(programme.last_code, number)


def note_code_of(action: Action) -> None:
    """`raise_last_code` by the code of an action that has been saved."""
    raise_last_code(action.programme, running_number(action.code))


def next_code(programme: Programme) -> str:
    """The code of the next item; two people who ask at once must hold the programme's row."""
    stored = Programme.objects.filter(pk=programme.pk).values_list("last_code", flat=True)
    highest = stored.get()
    # A fixture or an older database may bring items whose numbers nobody has noted.
    codes = Action.objects.for_programme(programme).order_by().values_list("code", flat=True)
    for code in codes:
        highest = max(highest, running_number(code))
    return programme.code_of(highest + 1)
