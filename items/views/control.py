"""管制異動: applied for from an item, read by everybody, endorsed by heads, decided by the office."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from items import access
from items.downloading import FORMAT_NAMES, download
from items.exchange.spreadsheets.write import FORMATS, file_name, write
from items.forms.base import error_sentences
from items.forms.control import ControlForm, DecisionForm, TogetherForm
from items.models import Assignment, ControlKind, ControlRequest, Programme
from items.models.control import SUCCESSION_KINDS
from items.models.control_settings import control_settings_of
from items.requests import OfficeRequest
from items.roc import format_roc
from items.workflow import WorkflowError
from items.workflow import control_requests as workflow
from items.workflow.control_checks import is_sent_late
from items.workflow.control_requests import ManagerDecision
from items.workflow.control_writing import IncompleteRequest, discard, open_request_of
from items.worklists.control import deadline_words, decided_words, request_lists, request_page
from items.worklists.control_file import control_file


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
    content, content_type = write(control_file(request.user, programme), format)
    return download(file_name(f"{year}年度管制異動清冊", format), content, content_type)


@require_http_methods(["GET", "HEAD", "POST"])
def control_apply(request: OfficeRequest, year: int, pk: int) -> HttpResponse:
    """A new application of a department for one of its items."""
    programme = access.get_programme(year)
    assignment = access.get_applicable(request.user, pk)
    _require_year(assignment, programme)
    other = open_request_of(assignment)
    if other is not None and request.method != "POST":
        return redirect("control_request", year, other.pk)
    kind = _kind(request.GET.get("kind", ControlKind.EXTEND))
    return _form_page(request, assignment, kind, written=None)


@require_http_methods(["GET", "HEAD", "POST"])
def control_edit(request: OfficeRequest, year: int, pk: int) -> HttpResponse:
    """A draft, or what was returned, is written further."""
    programme = access.get_programme(year)
    written = access.get_request(request.user, pk)
    _require_year(written.assignment, programme)
    access.require(written.writable)
    return _form_page(request, written.assignment, _kind(written.kind), written=written)


OFFERED_KINDS = tuple(kind for kind in ControlKind if kind not in SUCCESSION_KINDS)


def _kind(value: str) -> ControlKind:
    try:
        kind = ControlKind(value)
    except ValueError:
        raise Http404 from None
    if kind not in OFFERED_KINDS:
        raise Http404
    return kind


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
    sample = written or ControlRequest(assignment=assignment, kind=kind)
    is_late = is_sent_late(sample, rules, request.today)
    data = request.POST if request.method == "POST" else None
    form = ControlForm(
        data,
        kind=kind,
        assignment=assignment,
        rules=rules,
        written=written,
        is_late=is_late,
    )
    if request.method == "POST" and form.is_valid():
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
        "kinds": OFFERED_KINDS,
        "form": form,
        "written": written,
        "rules": rules,
        "is_late": is_late,
        "manager_decides": rules.manager_decides(kind),
        "number_before": ControlRequest.objects.approved_before(assignment, None),
    }
    return render(request, "items/control/form.html", context)


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
        form.add_error(None, f"{error}您寫的內容還在下面。")
        return None
    done = "已存成草稿，還沒有送出。"
    if sends:
        done = f"已送出，現在{saved.get_state_display()}。"
    messages.success(request, f"{saved}：{done}")
    return saved


@require_safe
def control_request(request: OfficeRequest, year: int, pk: int) -> HttpResponse:
    """One application: what is asked for, why, and what became of it."""
    programme = access.get_programme(year)
    shown = access.get_request(request.user, pk)
    _require_year(shown.assignment, programme)
    return _request_page(request, shown, None)


def _request_page(
    request: OfficeRequest, shown: ControlRequest, form: DecisionForm | None
) -> HttpResponse:
    programme = shown.assignment.action.programme
    rules = control_settings_of(programme)
    if form is None:
        form = DecisionForm(request=shown, decides=shown.decidable)
    context = {
        "programme": programme,
        "page": request_page(request.user, shown),
        "request_shown": shown,
        "action": shown.assignment.action,
        "form": form,
        "manager_decides": rules.manager_decides(shown.kind),
        "rules": rules,
        "decided_words": decided_words(shown),
    }
    return render(request, "items/control/request.html", context)


def _approve(shown: ControlRequest, request: OfficeRequest, form: DecisionForm) -> str:
    approval = workflow.approve_request(
        shown,
        words=form.cleaned_data["words"],
        manager=_manager(form),
        by=request.user,
        at=request.now,
        version=form.cleaned_data["version"],
    )
    words = "已通過，計畫已照申請更動。"
    if approval.returned:
        names = "、".join(str(report.assignment.department) for report in approval.returned)
        words += f"已送出的辦理情形退回{names}補正（{len(approval.returned)} 件）。"
    return words


def _reject(shown: ControlRequest, request: OfficeRequest, form: DecisionForm) -> str:
    workflow.reject_request(
        shown,
        words=form.cleaned_data["words"],
        manager=_manager(form),
        by=request.user,
        at=request.now,
        version=form.cleaned_data["version"],
    )
    return "不通過，計畫沒有更動。"


def _manager(form: DecisionForm) -> ManagerDecision:
    return ManagerDecision(
        on=form.cleaned_data.get("manager_on"),
        number=form.cleaned_data.get("manager_number", ""),
    )


def _return(shown: ControlRequest, request: OfficeRequest, form: DecisionForm) -> str:
    workflow.return_request(
        shown,
        words=form.cleaned_data["words"],
        by=request.user,
        at=request.now,
        version=form.cleaned_data["version"],
    )
    return "已退回補正。"


def _endorse(shown: ControlRequest, request: OfficeRequest, form: DecisionForm) -> str:
    workflow.endorse_request(
        shown,
        words=form.cleaned_data["words"],
        by=request.user,
        at=request.now,
        version=form.cleaned_data["version"],
    )
    return "已同意，送研考。"


def _withdraw(shown: ControlRequest, request: OfficeRequest, form: DecisionForm) -> str:
    workflow.withdraw_request(
        shown,
        words=form.cleaned_data["words"],
        by=request.user,
        at=request.now,
        version=form.cleaned_data["version"],
    )
    return "已撤回；需要時可以另外申請。"


@dataclass(frozen=True)
class RequestVerb:
    """A step of an application: the right to it, and what takes it and says what is done."""

    right: str
    take: Callable[[ControlRequest, OfficeRequest, DecisionForm], str]


STEPS = {
    "approve": RequestVerb("decidable", _approve),
    "reject": RequestVerb("decidable", _reject),
    "return": RequestVerb("returnable", _return),
    "endorse": RequestVerb("endorsable", _endorse),
    "withdraw": RequestVerb("withdrawable", _withdraw),
}
"""{value of the button: what it does}"""


@require_POST
def control_step(request: OfficeRequest, year: int, pk: int) -> HttpResponse:
    """One step of an application; `step` is the button that was pressed."""
    programme = access.get_programme(year)
    shown = access.get_request(request.user, pk)
    _require_year(shown.assignment, programme)
    name = request.POST.get("step", "")
    if name == "discard":
        return _discard(request, shown)
    if name not in STEPS:
        raise Http404
    verb = STEPS[name]
    access.require(getattr(shown, verb.right))
    form = DecisionForm(request.POST, request=shown, decides=shown.decidable)
    if not form.is_valid():
        messages.error(request, error_sentences(form))
        return _request_page(request, shown, form)
    try:
        done = verb.take(shown, request, form)
    except WorkflowError as error:
        form.add_error(None, str(error))
        return _request_page(request, access.get_request(request.user, pk), form)
    messages.success(request, f"{shown}：{done}")
    return redirect("control_request", year, pk)


def _discard(request: OfficeRequest, shown: ControlRequest) -> HttpResponse:
    access.require(shown.discardable)
    year = shown.assignment.action.programme.year
    try:
        discard(shown, version=shown.version)
    except WorkflowError as error:
        messages.error(request, str(error))
        return redirect("control_request", year, shown.pk)
    messages.success(request, f"{shown}的草稿已經刪除。")
    return redirect("action", year, shown.assignment.action.code)
