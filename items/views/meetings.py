"""會議: the list of a year, one meeting with its 主席裁示, and writing them down."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from items import access
from items.downloading import FORMAT_NAMES, download
from items.exchange.spreadsheets.write import FORMATS, table_file
from items.forms.meetings import CarryForm, DirectiveForm, MeetingForm
from items.models import AnswerState, Directive, Meeting, Programme
from items.requests import OfficeRequest, keys_in
from items.workflow import WorkflowError, directives
from items.workflow.held_rows import held
from items.worklists.directive_states import (
    cards_in_state,
    directives_in_state,
    state_tabs,
    summary_words,
    tabs_of_cards,
)
from items.worklists.meeting_file import meeting_table
from items.worklists.meetings import (
    cards_of_meeting,
    directive_cards,
    meeting_rows,
    open_before,
    place_words,
)

PER_PAGE = 50
CARRY = "carry"
"""The button that brings instructions of earlier meetings into this one."""


@require_http_methods(["GET", "HEAD", "POST"])
def meetings(request: OfficeRequest, year: int) -> HttpResponse:
    """The list, and for the plan office the form of a new meeting."""
    programme = access.get_programme(year)
    may_run = access.can_run_meetings(request.user)
    blank = Meeting(programme=programme)
    form = MeetingForm(instance=blank)
    if request.method == "POST":
        access.require(may_run)
        form = MeetingForm(request.POST, instance=blank)
        if form.is_valid() and save(request, form):
            messages.success(request, f"已新增「{blank}」，請接著記裁示。")
            return redirect("meeting", year, blank.pk)
    state = chosen_state(request)
    cards = []
    page = None
    if state:
        in_state = directives_in_state(request.user, programme, state)
        page = Paginator(in_state, PER_PAGE).get_page(request.GET.get("page"))
        # Fetched anew by key: what is joined for the cards would be joined for the count as well.
        keys = [directive.pk for directive in page.object_list]
        shown = Directive.objects.filter(pk__in=keys).in_order()
        cards = directive_cards(request.user, shown, request.today)
    context = {
        "programme": programme,
        "rows": meeting_rows(request.user, programme),
        "tabs": state_tabs(request.user, programme),
        "state": state,
        "cards": cards,
        "page": page,
        "may_run": may_run and not programme.is_closed,
        "form": form,
    }
    return render(request, "items/meetings.html", context)


def chosen_state(request: OfficeRequest) -> str:
    """待處理, 待解列 or 已解列, as the address limits a list to them; 404 for another word."""
    state = request.GET.get("state", "")
    if state and state not in AnswerState.values:
        raise Http404
    return state


def save(request: OfficeRequest, form: MeetingForm) -> bool:
    """Save the meeting; whether it was possible."""
    try:
        directives.save_meeting(form.instance, by=request.user, at=request.now)
    except WorkflowError as error:
        form.add_error(None, str(error))
        return False
    except ValidationError as error:
        form.add_error(None, error.messages)
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def meeting(request: OfficeRequest, year: int, pk: int) -> HttpResponse:
    """One meeting, and for the plan office the form of its next instruction."""
    programme = access.get_programme(year)
    shown = access.get_meeting(request.user, programme, pk)
    may_run = access.can_run_meetings(request.user)
    form = DirectiveForm(programme)
    carry_form = CarryForm(programme)
    if request.method == "POST":
        access.require(may_run)
        # Two forms stand on the page: the button says which of them was sent.
        if request.POST.get("intent") == CARRY:
            carry_form = CarryForm(programme, request.POST)
            if carry_form.is_valid() and carry(request, shown, carry_form):
                return redirect("meeting", year, pk)
        else:
            form = DirectiveForm(programme, request.POST)
            if form.is_valid() and give(request, shown, form):
                return redirect("meeting", year, pk)
    may_write = may_run and not programme.is_closed
    state = chosen_state(request)
    # Tabs and summary count all of them, whatever state the list is limited to.
    all_cards = cards_of_meeting(request.user, shown, request.today)
    cards = all_cards
    if state:
        cards = cards_in_state(all_cards, state)
    to_carry = []
    if may_write:
        to_carry = open_before(request.user, shown)
    context = {
        "programme": programme,
        "meeting": shown,
        "place_words": place_words(shown),
        "cards": cards,
        "all_cards": all_cards,
        "tabs": tabs_of_cards(all_cards),
        "state": state,
        "summary": summary_words(all_cards),
        "formats": FORMAT_NAMES,
        "may_run": may_write,
        "form": form,
        "carry_form": carry_form,
        "to_carry": to_carry,
        "ticked": ticked_keys(request),
    }
    return render(request, "items/meeting.html", context)


def ticked_keys(request: OfficeRequest) -> set[int]:
    """The instructions that are ticked; a value that can be no key is passed over."""
    return set(keys_in(request.POST.getlist("directive")))


def carry(request: OfficeRequest, shown: Meeting, form: CarryForm) -> bool:
    """持續列管 of the ticked instructions in this meeting; whether it was possible."""
    ticked = ticked_keys(request)
    # Only what the page proposes, also where a request names others.
    proposed = open_before(request.user, shown)
    chosen = [directive for directive in proposed if directive.pk in ticked]
    if len(chosen) < len(ticked):
        words = "勾選的裁示有的剛才已經結案或接走了，還沒有接過來；請看過現在的清單再送一次。"
        form.add_error(None, words)
        return False
    try:
        successors = directives.carry_several(
            chosen,
            shown,
            due_on=form.cleaned_data["due_on"],
            by=request.user,
            at=request.now,
        )
    except WorkflowError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, f"已把 {len(successors)} 案接到這次會議，各單位會收到通知。")
    return True


@require_safe
def meeting_export(request: OfficeRequest, year: int, pk: int, format: str) -> HttpResponse:
    """The instructions of a meeting as a file, a row for each department."""
    programme = access.get_programme(year)
    if format not in FORMATS:
        raise Http404
    shown = access.get_meeting(request.user, programme, pk)
    cards = cards_of_meeting(request.user, shown, request.today)
    table = meeting_table(shown, cards)
    return download(table_file(table, f"主席裁示-{shown}", format))


def give(request: OfficeRequest, shown: Meeting, form: DirectiveForm) -> bool:
    try:
        given = directives.give(shown, form.content, by=request.user, at=request.now)
    except WorkflowError as error:
        form.add_error(None, str(error))
        return False
    names = "、".join(department.name for department in form.cleaned_data["departments"])
    messages.success(request, f"已記下第{given.number}案，交給{names}。")
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_edit(request: OfficeRequest, year: int, pk: int) -> HttpResponse:
    """Other words of a meeting."""
    programme = access.get_programme(year)
    access.require(access.can_run_meetings(request.user))
    edited = access.get_meeting(request.user, programme, pk)
    form = MeetingForm(instance=edited)
    if request.method == "POST":
        # The year is held first, in the order of the verbs that write an instruction.
        with held(Programme.objects.filter(pk=programme.pk), Meeting.objects.filter(pk=pk)):
            edited.refresh_from_db()
            form = MeetingForm(request.POST, instance=edited)
            if form.is_valid() and save(request, form):
                messages.success(request, f"已儲存「{edited}」。")
                return redirect("meeting", year, pk)
    context = {
        "programme": programme,
        # Read anew: the heading shows what is stored, not what was refused.
        "meeting": access.get_meeting(request.user, programme, pk),
        "form": form,
        "may_be_deleted": not edited.directives.exists(),
    }
    return render(request, "items/meeting_edit.html", context)


@require_POST
def meeting_delete(request: OfficeRequest, year: int, pk: int) -> HttpResponse:
    """Delete a meeting that was made by mistake."""
    programme = access.get_programme(year)
    access.require(access.can_run_meetings(request.user))
    chosen = access.get_meeting(request.user, programme, pk)
    # Asked before it is gone.
    name = str(chosen)
    try:
        directives.delete_meeting(chosen, by=request.user, at=request.now)
    except WorkflowError as error:
        messages.error(request, str(error))
        return redirect("meeting_edit", year, pk)
    messages.success(request, f"已刪除「{name}」，歷程留有紀錄。")
    return redirect("meetings", year)
