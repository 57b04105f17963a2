"""管制異動: applied for from an item, read by everybody, endorsed by heads, decided by the office."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from items import access
from items.downloading import FORMAT_NAMES, download
from items.exchange.spreadsheets.write import FORMATS, table_file
from items.forms.control import ControlForm, TogetherForm
from items.forms.splitting import MORE_PARTS, MORE_ROWS, SplitForm, form_class_of
from items.models import Assignment, ControlKind, ControlRequest, Programme
from items.models.control_settings import control_settings_of
from items.requests import OfficeRequest
from items.roc import format_roc
from items.workflow import WorkflowError
from items.workflow import control_requests as workflow
from items.workflow.control_checks import is_sent_late
from items.workflow.control_writing import IncompleteRequest, open_request_of
from items.worklists.control import deadline_words
from items.worklists.control_file import control_file
from items.worklists.control_lists import request_lists


@require_safe
def control_requests(request: OfficeRequest, year: int) -> HttpResponse:
    """申請: all applications of the year that this person may read."""
    programme = access.get_programme(year)
    decides = access.can_review(request.user)
    context = {
        "programme": programme,
        "lists": request_lists(request.user, programme),
        "may_review": decides,
        "form": TogetherForm(year=year, decides=decides),
        "formats": FORMAT_NAMES,
        "rules": control_settings_of(programme),
    }
    return render(request, "items/control/requests.html", context)


@require_safe
def control_requests_export(request: OfficeRequest, year: int, format: str) -> HttpResponse:
    """管制異動清冊 of the year, with those that came late."""
    programme = access.get_programme(year)
    if format not in FORMATS:
        raise Http404
    table = control_file(request.user, programme)
    return download(table_file(table, f"{year}年度管制異動清冊", format))


@require_http_methods(["GET", "HEAD", "POST"])
def control_apply(request: OfficeRequest, year: int, pk: int) -> HttpResponse:
    """A new application of a department for one of its items."""
    programme = access.get_programme(year)
    assignment = access.get_applicable(request.user, pk)
    _require_year(assignment, programme)
    # One application at a time: a second one would be refused when it is sent, after it was written.
    if request.method != "POST":
        undecided = open_request_of(assignment)
        if undecided is not None:
            return redirect("control_request", year, undecided.pk)
    kind = _kind(request.GET.get("kind", ControlKind.EXTEND))
    return _form_page(request, assignment, kind, written=None)


@require_http_methods(["GET", "HEAD", "POST"])
def control_edit(request: OfficeRequest, year: int, pk: int) -> HttpResponse:
    """A draft, or what was returned, is written further."""
    programme = access.get_programme(year)
    written = access.get_request(request.user, pk)
    _require_year(written.assignment, programme)
    access.require(written.writable)
    # The kind stays: with another one the fields would be others, and what was written lost.
    kind = _kind(written.kind)
    return _form_page(request, written.assignment, kind, written=written)


def _kind(value: str) -> ControlKind:
    try:
        return ControlKind(value)
    except ValueError:
        raise Http404 from None


def _require_year(assignment: Assignment, programme: Programme) -> None:
    if assignment.action.programme != programme:
        raise Http404


def _form_page(
    request: OfficeRequest,
    assignment: Assignment,
    kind: ControlKind,
    *,
    written: ControlRequest | None,
) -> HttpResponse:
    programme = assignment.action.programme
    rules = control_settings_of(programme)
    # Lateness is asked of a row; of a new application there is none in the database yet.
    sample = written or ControlRequest(assignment=assignment, kind=kind)
    is_late = is_sent_late(sample, rules, request.today)
    data = None
    if request.method == "POST":
        data = request.POST
    form = form_class_of(kind)(
        data,
        kind=kind,
        assignment=assignment,
        rules=rules,
        written=written,
        is_late=is_late,
    )
    asked = _answer_to_question(request, form)
    if asked is not None:
        form = asked
    elif request.method == "POST" and form.is_valid():
        saved = _save(request, form, assignment, written)
        if saved is not None:
            return redirect("control_request", programme.year, saved.pk)
    context = {
        "programme": programme,
        "assignment": assignment,
        "action": assignment.action,
        "kind": kind,
        "present_deadline": deadline_words(
            assignment.deadline_text, format_roc(assignment.deadline)
        ),
        "kinds": ControlKind,
        "form": form,
        "written": written,
        "rules": rules,
        "is_late": is_late,
        "manager_decides": rules.manager_decides(kind),
        "number_before": ControlRequest.objects.approved_before(assignment, None),
    }
    return render(request, "items/control/form.html", context)


def _answer_to_question(request: OfficeRequest, form: ControlForm) -> ControlForm | None:
    """The form as it was typed, with what was asked for; None where it shall be saved."""
    intent = request.POST.get("intent", "")
    if isinstance(form, SplitForm) and intent in (MORE_PARTS, MORE_ROWS):
        return form.as_typed(intent)
    return None


def _save(
    request: OfficeRequest,
    form: ControlForm,
    assignment: Assignment,
    written: ControlRequest | None,
) -> ControlRequest | None:
    """Save, and send where the button says so; None where the form has to say something."""
    sends = request.POST.get("intent") == "send"
    try:
        saved = workflow.write_and_submit_request(
            assignment,
            form.content(),
            written=written,
            version=form.cleaned_data["version"] or 0,
            by=request.user,
            at=request.now,
            sends=sends,
        )
    except IncompleteRequest as error:
        form.say_lacking(error.lacking)
        return None
    except WorkflowError as error:
        # Nothing was saved: the sentence says that nobody has to write it again.
        form.add_error(None, f"{error}您寫的內容還在下面。")
        return None
    done = "已存成草稿，還沒有送出。"
    if sends:
        done = f"已送出，現在{saved.get_state_display()}。"
    messages.success(request, f"{saved}：{done}")
    return saved
