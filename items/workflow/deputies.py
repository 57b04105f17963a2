"""代理: naming somebody who stands in for another for some days, and ending it before its day."""

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from items.models import READ_ONLY, Deputy, Door, NoticeEvent, User
from items.roc import format_roc
from items.workflow import history, notices
from items.workflow.errors import Refusal, WorkflowError
from plan_tracker.clock import day_of

LONGEST_DAYS = 366
"""A deputy for more than a year is a mistyped year, or work that is to be handed over."""


@transaction.atomic
def name_deputy(
    person: User,
    deputy: User,
    starts_on: date,
    ends_on: date,
    *,
    by: User,
    at: datetime,
    door: Door = Door.PAGE,
) -> Deputy:
    """`deputy` stands in for `person` on these days, both included."""
    _lock(person, deputy)
    _require_two_people_who_write(person, deputy)
    today = day_of(at)
    _require_possible_days(starts_on, ends_on, today)
    _require_free_days(person, deputy, starts_on, ends_on)
    row = Deputy(
        person=person,
        deputy=deputy,
        starts_on=starts_on,
        ends_on=ends_on,
        made_by=by,
        made_at=at,
    )
    try:
        history.save(row, by=by, at=at, door=door)
    except ValidationError as error:
        raise WorkflowError("".join(error.messages), Refusal.DEPUTY_NOT_POSSIBLE) from error
    notices.tell([person, deputy], NoticeEvent.DEPUTY_NAMED, row, by=by, at=at)
    return row


@transaction.atomic
def end(deputy: Deputy, *, by: User, at: datetime, door: Door = Door.PAGE) -> Deputy:
    """End it at once, or before it has begun. What the deputy has done stays."""
    current = Deputy.objects.select_for_update().get(pk=deputy.pk)
    today = day_of(at)
    # An entry that ends what has ended would say that somebody had stood in until today.
    if current.ended_at is not None or current.ends_on < today:
        words = f"{current}已經結束了，沒有變動。"
        raise WorkflowError(words, Refusal.DEPUTY_OVER_ALREADY)
    current.ended_at = at
    current.ended_by = by
    history.save(current, by=by, at=at, door=door)
    people = [current.person, current.deputy]
    notices.tell(people, NoticeEvent.DEPUTY_ENDED, current, by=by, at=at)
    return current


def _lock(person: User, deputy: User) -> None:
    """Let the second of two people who name deputies for the same days see what the first saved."""
    # In the order of the keys, so that two who lock the same rows never wait for each other.
    people = User.objects.filter(pk__in=[person.pk, deputy.pk]).order_by("pk")
    list(people.select_for_update(no_key=True).values_list("pk", flat=True))


def _require_two_people_who_write(person: User, deputy: User) -> None:
    if person.pk == deputy.pk:
        _refuse("代理人要是另一個人，請重新選擇。")
    for one in (person, deputy):
        if not one.is_active:
            _refuse(f"{one}的帳號已停用，不能代理或請人代理；請另選一位。")
        if one.role in READ_ONLY:
            _refuse(f"{one}是{one.get_role_display()}，只能查閱，不能代理或請人代理。")
    if not person.memberships.exists():
        _refuse(f"{person}不屬於任何單位，沒有填報或核可的工作可以代理。")


def _require_possible_days(starts_on: date, ends_on: date, today: date) -> None:
    if ends_on < starts_on:
        _refuse("「到」的日期不能早於「從」的日期。")
    if starts_on < today:
        # Steps already taken have kept who took them, and nobody's name is added afterwards.
        _refuse(f"代理最早從今天（{format_roc(today)}）開始；之前的步驟已經是本人的。")
    if ends_on - starts_on >= timedelta(days=LONGEST_DAYS):
        _refuse("代理最長一年，請看年份是不是打錯了；長期不在，請改用「業務移交」。")


def _require_free_days(person: User, deputy: User, starts_on: date, ends_on: date) -> None:
    """Raise where somebody would have two deputies on a day, or deputies would form a chain."""
    same_days = Deputy.objects.overlapping(starts_on, ends_on).select_related("person", "deputy")
    other = same_days.filter(person=person).first()
    if other is not None:
        _refuse(
            f"{other.days_words}已經由{other.deputy}代理{person}，日子重疊了；"
            "請改日期，或先結束那一筆。"
        )
    # A chain: the work would wait for somebody who is away as well.
    onward = same_days.filter(person=deputy).first()
    if onward is not None:
        _refuse(
            f"{deputy}{onward.days_words}自己請{onward.deputy}代理，代理不能再轉給別人；請另選一位。"
        )
    backward = same_days.filter(deputy=person).first()
    if backward is not None:
        _refuse(
            f"{person}{backward.days_words}正代理{backward.person}，代理不能再轉給別人；"
            f"請先為{backward.person}另外指定代理人。"
        )


def _refuse(words: str) -> None:
    raise WorkflowError(words, Refusal.DEPUTY_NOT_POSSIBLE)
