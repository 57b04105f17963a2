"""The plan, open to everyone signed in: years, periods, items and what is above them."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django.db.models import DateField, QuerySet
from django.http import Http404

from items.access.fetching import get_or_404
from items.access.office import can_prepare_years
from items.access.prepared import PreparedForPerson
from items.models import Action, Method, Period, Plan, Programme, Strategy, User
from items.models.actions import ActionQuerySet
from items.models.prepared import Prepared, Slot


def visible_actions(user: User) -> ActionQuerySet:
    """Every action: the plan is open to everyone signed in."""
    if not user.is_active:
        return Action.objects.none()
    return Action.objects.all()


_HOME_FIRST = Prepared(lambda: Programme.objects.home_first(Slot("today", DateField())))


def years_home_first(today: date) -> list[Programme]:
    """Every year, as `Programme.objects.home_first` orders them: each page asks."""
    return _HOME_FIRST(today=today)


def home_programme(user: User, home_first: Sequence[Programme]) -> Programme | None:
    """The year that a person starts from, of `years_home_first(today)`.

    None where there is none, or where the only ones are for the plan office to prepare.
    """
    if not home_first:
        return None
    first = home_first[0]
    if first.is_running:
        return first
    if not can_prepare_years(user):
        return None
    # Without a running year, what is prepared comes before what is closed.
    for programme in home_first:
        if programme.is_draft:
            return programme
    return first


_OF_YEAR = Prepared(lambda: Programme.objects.filter(year=Slot("year")).order_by())
_OF_NUMBER = Prepared(
    lambda: Period.objects.filter(programme=Slot("programme"), number=Slot("number")).order_by()
)
_OF_YEAR_AND_NUMBER = Prepared(
    lambda: (
        Period.objects.filter(programme__year=Slot("year"), number=Slot("number"))
        .select_related("programme")
        .order_by()
    )
)


def get_programme(year: int) -> Programme:
    programme = _OF_YEAR.first(year=year)
    if programme is None:
        raise Http404
    return programme


def get_period(programme: Programme, number: int) -> Period:
    period = _OF_NUMBER.first(programme=programme.pk, number=number)
    if period is None:
        raise Http404
    # The period knows it without a join.
    period.programme = programme
    return period


def get_period_of_year(year: int, number: int) -> Period:
    """A period with its programme, in one query: forms and autosaves ask each time."""
    period = _OF_YEAR_AND_NUMBER.first(year=year, number=number)
    if period is None:
        raise Http404
    return period


def get_action(programme: Programme, code: str) -> Action:
    """An item by its code, with its path."""
    # PostgreSQL answers a text with a NUL by an error.
    if "\x00" in code:
        raise Http404
    return get_or_404(Action.objects.for_programme(programme).with_path(), code=code)


def _in_order(user: User) -> QuerySet[Any]:
    of_year = visible_actions(user).filter(plan__method__strategy__programme=Slot("programme"))
    return of_year.in_order().values_list("code", "pk")


_IN_ORDER = PreparedForPerson[Any](_in_order)


def action_keys_by_code(user: User, programme: Programme) -> dict[str, int]:
    """{code: key} of all items of a year, in official order."""
    return dict(_IN_ORDER(user, programme=programme.pk))


PATHS_TO_PROGRAMME = {
    Strategy: "programme",
    Method: "strategy__programme",
    Plan: "method__strategy__programme",
}


def get_plan_part(
    programme: Programme, model: type[Strategy | Method | Plan], pk: int
) -> Strategy | Method | Plan:
    """A part of the plan of this year."""
    path = PATHS_TO_PROGRAMME[model]
    parts = model._default_manager.select_related(path)
    # A part of another year is not found at this address.
    part = get_or_404(parts, pk=pk, **{path: programme})
    return cast("Strategy | Method | Plan", part)
