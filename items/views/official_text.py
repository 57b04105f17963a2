"""彙整文字: the lead of an item of several departments composes the one cell of 彙整表."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from items import access
from items.forms.base import Prose
from items.models import Action, OfficialText, Period
from items.models.labels import field_label
from items.models.official_text import OFFICIAL_LENGTH
from items.models.reopening import is_open_by_itself
from items.requests import OfficeRequest
from items.workflow import WorkflowError
from items.workflow import official_text as workflow
from items.workflow.official_text import OvertakenOfficialText
from items.worklists.official_text import OfficialTextPage, official_text_page

TAKE_BACK = "take_back"
"""What the form is sent for, beside saving."""


class OfficialTextForm(forms.Form):
    """The text, and the one that its writer had before them."""

    text = Prose(
        label=field_label(OfficialText, "text"),
        max_length=OFFICIAL_LENGTH,
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={"required": "請寫彙整文字；不要彙整時，請按「取消彙整」。"},
    )
    seen = Prose(required=False, widget=forms.HiddenInput)


@require_http_methods(["GET", "HEAD", "POST"])
def official_text(request: OfficeRequest, year: int, code: str, number: int) -> HttpResponse:
    programme = access.get_programme(year)
    period = access.get_period(programme, number)
    action = access.get_composable(request.user, programme, code)
    page = official_text_page(request.user, action, period)
    # There is nothing to compose: a text beside the only report would say the same twice.
    if len(page.parts) < 2:
        messages.info(request, f"{code} 只有一個單位，彙整表直接用它的辦理情形。")
        return redirect("action", year, code)
    if not period.is_open and not is_open_by_itself(action, period):
        words = "還沒有開放填報"
        if period.is_closed:
            words = "已經關閉，彙整文字已鎖定"
        messages.info(request, f"{period}{words}；如需更正，請洽研考。")
        return redirect("action", year, code)
    if request.method == "POST":
        return _save(request, page, action, period)
    # Nobody begins with an empty field: what the departments wrote is proposed.
    text = page.stored_text or page.usual
    # `seen` tells whether somebody else has composed it meanwhile.
    form = OfficialTextForm(initial={"text": text, "seen": page.stored_text})
    return _show(request, page, form)


def _save(
    request: OfficeRequest, page: OfficialTextPage, action: Action, period: Period
) -> HttpResponse:
    form = OfficialTextForm(request.POST)
    is_taken_back = request.POST.get("intent") == TAKE_BACK
    # Taking back needs no text: an empty field must keep nobody from it.
    if not form.is_valid() and not is_taken_back:
        return _show(request, page, form)
    seen = form.cleaned_data.get("seen", "")
    try:
        if is_taken_back:
            workflow.take_back(action, period, seen=seen, by=request.user, at=request.now)
            words = "已取消彙整；彙整表會印各單位自己的辦理情形。"
        else:
            text = form.cleaned_data["text"]
            workflow.compose(action, period, text, seen=seen, by=request.user, at=request.now)
            words = "的彙整文字已儲存，彙整表會印這一段。"
    except OvertakenOfficialText as overtaken:
        # The newer one goes with the unsaved text: saving once more means that both were read.
        unsaved = OfficialTextForm(
            initial={"text": request.POST.get("text", ""), "seen": overtaken.text}
        )
        return _show(request, page, unsaved, overtaken=overtaken)
    except WorkflowError as error:
        form.add_error(None, str(error))
        return _show(request, page, form)
    messages.success(request, f"{action.code} {period.name}{words}")
    return redirect("action", period.programme.year, action.code)


def _show(
    request: OfficeRequest,
    page: OfficialTextPage,
    form: OfficialTextForm,
    *,
    overtaken: OvertakenOfficialText | None = None,
) -> HttpResponse:
    context = {
        "programme": page.period.programme,
        "page": page,
        "action": page.action,
        "period": page.period,
        "form": form,
        "overtaken": overtaken,
    }
    return render(request, "items/official_text.html", context)
