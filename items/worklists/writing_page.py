"""The page on which a department writes: what is known of the item, beside the form."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from items import access
from items.forms.report import ReportForm
from items.models import (
    Assignment,
    ControlRequest,
    ControlSuccessor,
    Evidence,
    Membership,
    Period,
    ProgressReport,
    ReportState,
    User,
)
from items.models.item_links import ItemLinks, links_of_item
from items.models.light_basis import LightBasis
from items.models.prepared import Prepared, Slot
from items.workflow.report_checks import FINISHED_BELOW, NO_PROGRESS, NOT_STARTED_AT_100
from items.workflow.report_planned import planned_for
from items.worklists.beside import departments_beside
from items.worklists.carry_over import unchanged_words
from items.worklists.control_lists import requests_of_share
from items.worklists.directives_to_do import answers_about, directives_about
from items.worklists.period_work import draft_words
from items.worklists.reopened import due_words
from items.worklists.report_page import deadline_note, first_earlier, with_light_and_contact
from items.worklists.report_steps import return_sentence, steps_of
from items.worklists.to_write import next_to_write
from items.worklists.whose_turn import turn_to_write, words_of
from items.worklists.writing_form import first_period_to_start_from, words_of_mismatch


@dataclass(frozen=True)
class PartsAround:
    """Which parts of the page there is anything for; most forms have none but a head."""

    requests: bool
    directives: bool
    links: bool
    evidence: bool
    has_head: bool
    """Whether any head can endorse what the reader writes."""


def _parts() -> QuerySet[Any]:
    action = OuterRef("action")
    department = OuterRef("department")
    heads = Membership.objects.who_can_endorse(department, Slot("writer"))
    return (
        Assignment.objects.filter(pk=Slot("assignment"))
        .order_by()
        .values(
            requests=Exists(ControlRequest.objects.filter(assignment=OuterRef("pk"))),
            directives=Exists(answers_about(action, department)),
            links=Exists(ControlSuccessor.objects.in_force().of_item(action)),
            evidence=Exists(Evidence.objects.attached().filter(report=Slot("report"))),
            has_head=Exists(heads),
        )
    )


_PARTS = Prepared[Any](_parts)
NO_ROW = 0
"""The key of no row."""


def parts_around(user: User, assignment: Assignment, report: ProgressReport | None) -> PartsAround:
    """One query instead of one for each part that is empty."""
    report_key = NO_ROW
    if report is not None:
        report_key = report.pk
    [parts] = _PARTS(assignment=assignment.pk, writer=user.pk, report=report_key)
    return PartsAround(**parts)


def around_the_form(
    user: User,
    assignment: Assignment,
    period: Period,
    report: ProgressReport | None,
    *,
    form: ReportForm,
    parts: PartsAround,
    today: date,
) -> dict[str, Any]:
    """The names that `items/report_form.html` reads beside the form and its evidence."""
    action = assignment.action
    basis = LightBasis.of(period.programme, today)
    with_light_and_contact(assignment, basis)
    earlier = first_earlier(user, assignment, period)
    latest = earlier[0] if earlier else None
    others = departments_beside(user, assignment, period, basis)
    text = str(form["text"].value() or "")
    directives = []
    if parts.directives:
        directives = directives_about(assignment, today)
    links = ItemLinks()
    if parts.links:
        links = links_of_item(action)
    return {
        "assignment": assignment,
        "action": action,
        "deadline_note": deadline_note(assignment, today),
        "due_words": due_words(assignment, period, today),
        **_state_of(report, assignment, period, today),
        "planned": planned_for(assignment, period, today, has_entries=basis.has_entries),
        "threshold": period.programme.behind_threshold,
        "others": others,
        # 彙整文字 joins what several departments wrote: with one alone there is nothing to join.
        "may_compose": bool(others) and access.may_compose(user, action, own=assignment),
        "earlier": earlier,
        "unchanged_words": unchanged_words(text, latest),
        "starts_from": first_period_to_start_from(report, earlier),
        # What the script of the page puts in or shows while somebody types: the words stand with
        # the checks of the report, so that page and server never say different things.
        "no_progress": NO_PROGRESS,
        "not_started_at_100": NOT_STARTED_AT_100,
        "finished_below": FINISHED_BELOW,
        "mismatch_words": words_of_mismatch(form),
        "requests": requests_of_share(user, assignment, has_any=parts.requests),
        "directives": directives,
        # What went into this item is reported here from now on.
        "links": links,
        "has_head": parts.has_head,
        "following": _following(user, assignment, period, report, basis=basis, today=today),
    }


def _state_of(
    report: ProgressReport | None, assignment: Assignment, period: Period, today: date
) -> dict[str, str]:
    """Whose turn it is, and what was begun or came back."""
    returned = report if _is_returned(report) else None
    turn = turn_to_write(period, assignment, today, who=assignment.contact_words, returned=returned)
    begun_words = ""
    returned_because = ""
    if report is not None:
        # A draft never came back.
        if report.state != ReportState.DRAFT:
            returned_because = return_sentence(steps_of(report), period)
        # A report that came back is no draft: the reason of its return stands there instead.
        if returned is None:
            begun_words = draft_words(report)
    return {
        "turn_words": words_of(turn),
        "draft_words": begun_words,
        "return_sentence": returned_because,
    }


def _following(
    user: User,
    assignment: Assignment,
    period: Period,
    report: ProgressReport | None,
    *,
    basis: LightBasis,
    today: date,
) -> Assignment | None:
    """What is written next; None where the period is closed, whose others are locked."""
    if not period.is_open:
        return None
    return next_to_write(
        user, period, today, after=assignment, is_returned=_is_returned(report), basis=basis
    )


def _is_returned(report: ProgressReport | None) -> bool:
    return report is not None and report.state == ReportState.RETURNED
