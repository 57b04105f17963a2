"""管制異動: several applications endorsed, approved or returned in one go, all or none."""

import re
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from items import access
from items.downloading import FORMAT_NAMES
from items.forms.control import TogetherForm
from items.models import ControlRequest, Programme, RequestStepKind
from items.models.control_settings import control_settings_of
from items.models.light_rules import PROGRAMME
from items.requests import OfficeRequest
from items.workflow.control_together import (
    SeenRequest,
    SomeRefused,
    TogetherDone,
    decide_together,
)
from items.worklists.control import stopped_words
from items.worklists.control_lists import request_lists

# 18 and 9 digits: more than any key or version has, and few enough for the database's integers.
TICK = re.compile(r"(?P<key>[0-9]{1,18}):(?P<version>[0-9]{1,9})")
NAMES_SHOWN = 5

RIGHTS = {
    RequestStepKind.APPROVE: "decidable",
    RequestStepKind.REJECT: "decidable",
    RequestStepKind.RETURN: "returnable",
    RequestStepKind.ENDORSE: "endorsable",
}
"""{step: the right to it, as `access.visible_requests` annotates it}"""


@require_http_methods(["GET", "HEAD", "POST"])
def control_decide(request: OfficeRequest, year: int) -> HttpResponse:
    """Take one step with all that are ticked on the list."""
    programme = access.get_programme(year)
    if request.method != "POST":
        # What a refused form leaves in the bar of addresses.
        return redirect("control_requests", year)
    step = _step(request.POST.get("step", ""))
    form = TogetherForm(request.POST, year=year, decides=access.can_review(request.user))
    ticks = _ticks(request)
    if not ticks:
        form.add_error(None, "請先勾選要決定的申請；還沒有決定任何一件。")
    if not form.is_valid():
        return _list_again(request, programme, form, ticks)
    try:
        done = decide_together(
            _seen(request, programme, ticks, step),
            step,
            words=form.cleaned_data["words"],
            manager=form.manager_decision(),
            by=request.user,
            at=request.now,
        )
    except SomeRefused as error:
        form.add_error(None, "全部都還沒有決定：請照下面的說明處理，或取消勾選那幾件，再送一次。")
        for problem in error.problems:
            form.add_error(None, problem)
        return _list_again(request, programme, form, ticks)
    messages.success(request, _done_words(step, done))
    return redirect("control_requests", year)


def _step(value: str) -> RequestStepKind:
    try:
        step = RequestStepKind(value)
    except ValueError:
        raise Http404 from None
    # 送出 and 撤回 are the department's, and not for several at once.
    if step not in RIGHTS:
        raise Http404
    return step


@dataclass(frozen=True)
class Tick:
    """One box that was ticked: an application, and the version that the page showed."""

    key: int
    version: int


def _ticks(request: OfficeRequest) -> list[Tick]:
    ticks = {}
    for value in request.POST.getlist("request"):
        match = TICK.fullmatch(value)
        if match is not None:
            tick = Tick(key=int(match["key"]), version=int(match["version"]))
            # A box that comes twice counts once.
            ticks[tick.key] = tick
    return list(ticks.values())


def _seen(
    request: OfficeRequest, programme: Programme, ticks: list[Tick], step: RequestStepKind
) -> list[SeenRequest]:
    """The ticked ones, each with the right to the step; raises `SomeRefused` where one is missing."""
    rows = access.visible_requests(request.user).with_path()
    of_year = rows.filter(**{f"assignment__{PROGRAMME}": programme})
    rows_by_key = of_year.in_bulk([tick.key for tick in ticks])
    seen_requests = []
    # All of them at once: one by one, somebody would send the list again for each.
    problems = []
    for tick in ticks:
        row = rows_by_key.get(tick.key)
        if row is None:
            problems.append("有一件申請已經找不到，請重新整理這一頁。")
        elif not getattr(row, RIGHTS[step]):
            problems.append(_no_right_words(row, step))
        else:
            seen_requests.append(SeenRequest(row, tick.version))
    if problems:
        raise SomeRefused(problems)
    return seen_requests


def _no_right_words(row: ControlRequest, step: RequestStepKind) -> str:
    state = row.get_state_display()
    return f"{row}目前是「{state}」，您不能在這裡選「{step.label}」。"


def _list_again(
    request: OfficeRequest, programme: Programme, form: TogetherForm, ticks: list[Tick]
) -> HttpResponse:
    context = {
        "programme": programme,
        "lists": request_lists(request.user, programme),
        "may_review": access.can_review(request.user),
        "form": form,
        "formats": FORMAT_NAMES,
        "ticked": {tick.key for tick in ticks},
        "rules": control_settings_of(programme),
    }
    return render(request, "items/control/requests.html", context)


def _done_words(step: RequestStepKind, done: TogetherDone) -> str:
    """「通過 2 件：115-01 行政處 展延申請、…。已送出的辦理情形退回 1 件補正。」"""
    names = "、".join(str(row) for row in done.requests[:NAMES_SHOWN])
    number = len(done.requests)
    if number > NAMES_SHOWN:
        names += "等"
    words = f"{step.label} {number:,} 件：{names}。"
    # An approval goes further than the application: departments have to write once more.
    if done.returned:
        words += f"已送出的辦理情形退回 {len(done.returned):,} 件補正。"
    if done.stopped:
        words += stopped_words(done.stopped)
    return words
