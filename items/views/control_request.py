"""管制異動: one application, and the steps that heads and the plan office take with it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from items import access
from items.forms.base import error_sentences
from items.forms.control import DecisionForm
from items.models import ControlRequest, Programme
from items.models.control_settings import control_settings_of
from items.requests import OfficeRequest
from items.workflow import WorkflowError
from items.workflow import control_requests as workflow
from items.workflow.control_writing import discard
from items.workflow.step_taken import StepTaken
from items.worklists.control import decided_words, request_page, stopped_words


@require_safe
def control_request(request: OfficeRequest, year: int, pk: int) -> HttpResponse:
    """One application: what is asked for, why, and what became of it."""
    programme = access.get_programme(year)
    shown = access.get_request(request.user, pk)
    _require_year(shown, programme)
    return _request_page(request, shown, None)


def _require_year(shown: ControlRequest, programme: Programme) -> None:
    if shown.assignment.action.programme != programme:
        raise Http404


def _request_page(
    request: OfficeRequest, shown: ControlRequest, form: DecisionForm | None
) -> HttpResponse:
    programme = shown.assignment.action.programme
    rules = control_settings_of(programme)
    if form is None:
        form = DecisionForm(request=shown, decides=shown.decidable)
    page = request_page(request.user, shown)
    manager_decides = rules.manager_decides(shown.kind)
    context = {
        "programme": programme,
        "page": page,
        "request_shown": shown,
        "action": shown.assignment.action,
        "form": form,
        "approval_words": page.approval_words(manager_decides=manager_decides),
        "rules": rules,
        "decided_words": decided_words(shown),
    }
    return render(request, "items/control/request.html", context)


def _step(request: OfficeRequest, form: DecisionForm) -> StepTaken:
    """Who takes it, when, and which version they have looked at."""
    return {"by": request.user, "at": request.now, "version": form.cleaned_data["version"]}


def _approve(shown: ControlRequest, request: OfficeRequest, form: DecisionForm) -> str:
    approval = workflow.approve_request(
        shown,
        words=form.cleaned_data["words"],
        manager=form.manager_decision(),
        **_step(request, form),
    )
    words = "已通過，計畫已照申請更動。"
    # They were written against the plan of before (decision 0014).
    if approval.returned:
        names = "、".join(str(report.assignment.department) for report in approval.returned)
        words += f"已送出的辦理情形退回{names}補正（{len(approval.returned):,} 件）。"
    if approval.stopped:
        words += stopped_words(approval.stopped)
    return words


def _reject(shown: ControlRequest, request: OfficeRequest, form: DecisionForm) -> str:
    workflow.reject_request(
        shown,
        words=form.cleaned_data["words"],
        manager=form.manager_decision(),
        **_step(request, form),
    )
    return "不通過，計畫沒有更動。"


def _return(shown: ControlRequest, request: OfficeRequest, form: DecisionForm) -> str:
    workflow.return_request(shown, words=form.cleaned_data["words"], **_step(request, form))
    return "已退回補正。"


def _endorse(shown: ControlRequest, request: OfficeRequest, form: DecisionForm) -> str:
    workflow.endorse_request(shown, words=form.cleaned_data["words"], **_step(request, form))
    return "已同意，送研考。"


def _withdraw(shown: ControlRequest, request: OfficeRequest, form: DecisionForm) -> str:
    workflow.withdraw_request(shown, words=form.cleaned_data["words"], **_step(request, form))
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
    _require_year(shown, programme)
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
        # Read anew: somebody may have been faster, and the buttons are those of now.
        return _request_page(request, access.get_request(request.user, pk), form)
    messages.success(request, f"{shown}：{done}")
    return redirect("control_request", year, pk)


def _discard(request: OfficeRequest, shown: ControlRequest) -> HttpResponse:
    access.require(shown.discardable)
    year = shown.assignment.action.programme.year
    # With its version: a colleague may have written further since the page was shown.
    try:
        discard(shown, version=shown.version)
    except WorkflowError as error:
        messages.error(request, str(error))
        return redirect("control_request", year, shown.pk)
    messages.success(request, f"{shown}的草稿已經刪除。")
    return redirect("action", year, shown.assignment.action.code)
