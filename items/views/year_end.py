"""年終: the plan office releases what is finished and carries over what stays open."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from items import access
from items.forms.control import YearEndForm, YearEndUndoForm
from items.models import ControlStatus, Programme, YearEndDecision
from items.models.year_end import YEAR_END_STATUSES
from items.requests import OfficeRequest, keys_in
from items.workflow import WorkflowError
from items.workflow.year_end import decide_year_end, undo_year_end
from items.worklists.year_end import year_end_lists, year_end_rows


@require_http_methods(["GET", "HEAD", "POST"])
def year_end(request: OfficeRequest, year: int) -> HttpResponse:
    """The proposals, and one decision about all that are ticked."""
    programme = access.get_programme(year)
    access.require(access.can_settle_year(request.user))
    if request.method != "POST":
        return _show(request, programme, YearEndForm())
    form = YearEndForm(request.POST)
    keys = _ticked(request)
    status = _status(request.POST.get("status", ""))
    if status is None:
        form.add_error(None, "請按「解除列管」或「轉次年」；還沒有決定任何一項。")
    if status is not None and form.is_valid():
        # What spoke for it when it was decided: the page may be of yesterday.
        reasons = {}
        for row in year_end_rows(programme):
            reasons[row.action.pk] = row.because
        # Also of keys that are no row here: the verb refuses them in words.
        items = {key: reasons.get(key, "") for key in keys}
        try:
            decision = decide_year_end(
                programme,
                items,
                status,
                number=form.cleaned_data["number"],
                words=form.cleaned_data["words"],
                by=request.user,
                at=request.now,
            )
        except WorkflowError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{len(items):,} 項已經{decision.get_status_display()}。")
            return redirect("year_end", year)
    return _show(request, programme, form, ticked=keys)


def _ticked(request: OfficeRequest) -> list[int]:
    return keys_in(request.POST.getlist("item"))


def _status(value: str) -> ControlStatus | None:
    """What the pressed button says; None where none was, as when a script sends the form."""
    if value not in YEAR_END_STATUSES:
        return None
    return ControlStatus(value)


def _show(
    request: OfficeRequest,
    programme: Programme,
    form: YearEndForm,
    *,
    ticked: list[int] | None = None,
    refused: YearEndDecision | None = None,
    undo_form: YearEndUndoForm | None = None,
) -> HttpResponse:
    """The page; `ticked` is None where nobody has sent anything yet."""
    lists = year_end_lists(programme)
    if ticked is None:
        ticked_keys = lists.ticked_at_first
    else:
        ticked_keys = set(ticked)
    context = {
        "programme": programme,
        "lists": lists,
        "form": form,
        "ticked": ticked_keys,
        "refused": refused,
        "undo_form": undo_form or YearEndUndoForm(),
    }
    return render(request, "items/year_end.html", context)


@require_POST
def year_end_undo(request: OfficeRequest, year: int, pk: int) -> HttpResponse:
    """復原 of one decision, as a whole."""
    programme = access.get_programme(year)
    access.require(access.can_settle_year(request.user))
    decision = get_object_or_404(YearEndDecision, pk=pk, programme=programme)
    form = YearEndUndoForm(request.POST)
    if form.is_valid():
        because = form.cleaned_data["because"]
        try:
            undo_year_end(decision, because=because, by=request.user, at=request.now)
        except WorkflowError as error:
            form.add_error("because", str(error))
        else:
            number = decision.items.count()
            messages.success(request, f"已復原，{number:,} 項恢復列管。")
            return redirect("year_end", year)
    return _show(request, programme, YearEndForm(), refused=decision, undo_form=form)
