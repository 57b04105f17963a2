"""會議: the list of a year, one meeting with its 主席裁示, and writing them down."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from items import access
from items.downloading import FORMAT_NAMES, download
from items.exchange.spreadsheets.write import FORMATS, file_name, write
from items.meeting_forms import DirectiveForm, MeetingForm
from items.models import Meeting
from items.requests import OfficeRequest
from items.workflow import WorkflowError, directives
from items.worklists.meeting_file import meeting_table
from items.worklists.meetings import cards_of_meeting, meeting_rows


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
    context = {
        "programme": programme,
        "rows": meeting_rows(request.user, programme),
        "may_run": may_run and not programme.is_closed,
        "form": form,
    }
    return render(request, "items/meetings.html", context)


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
    if request.method == "POST":
        access.require(may_run)
        form = DirectiveForm(programme, request.POST)
        if form.is_valid() and give(request, shown, form):
            return redirect("meeting", year, pk)
    context = {
        "programme": programme,
        "meeting": shown,
        "cards": cards_of_meeting(request.user, shown, request.today),
        "formats": FORMAT_NAMES,
        "may_run": may_run and not programme.is_closed,
        "form": form,
    }
    return render(request, "items/meeting.html", context)


@require_safe
def meeting_export(request: OfficeRequest, year: int, pk: int, format: str) -> HttpResponse:
    """The instructions of a meeting as a file, a row for each department."""
    programme = access.get_programme(year)
    if format not in FORMATS:
        raise Http404
    shown = access.get_meeting(request.user, programme, pk)
    cards = cards_of_meeting(request.user, shown, request.today)
    content, content_type = write(meeting_table(shown, cards), format)
    return download(file_name(f"主席裁示-{shown}", format), content, content_type)


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
        form = MeetingForm(request.POST, instance=edited)
        if form.is_valid() and save(request, form):
            messages.success(request, f"已儲存「{edited}」。")
            return redirect("meeting", year, pk)
    context = {
        "programme": programme,
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
    name = str(chosen)
    try:
        directives.delete_meeting(chosen, by=request.user, at=request.now)
    except WorkflowError as error:
        messages.error(request, str(error))
        return redirect("meeting_edit", year, pk)
    messages.success(request, f"已刪除「{name}」，歷程留有紀錄。")
    return redirect("meetings", year)
