"""代理: somebody names who stands in for them, or the plan office does, from one day to another."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from items import access
from items.forms.deputies import DeputyForm
from items.requests import OfficeRequest
from items.saying import saying
from items.workflow import WorkflowError
from items.workflow import deputies as workflow
from items.worklists.deputies import deputies_page


@require_http_methods(["GET", "HEAD", "POST"])
def deputies(request: OfficeRequest, year: int) -> HttpResponse:
    """The list, and the form that names another one."""
    programme = access.get_programme(year)
    may_name = access.can_name_deputies(request.user)
    form = DeputyForm(
        user=request.user,
        today=request.today,
        # 人員與移交 leads here with the person filled in.
        initial={"person": request.GET.get("person", "")},
    )
    if request.method == "POST":
        access.require(may_name)
        form = DeputyForm(request.POST, user=request.user, today=request.today)
        if form.is_valid() and _name(request, form):
            return redirect("deputies", year)
    context = {
        "programme": programme,
        "page": deputies_page(request.user, request.today),
        "form": form,
        "may_name": may_name,
        "may_run_people": access.can_run_people(request.user),
    }
    return render(request, "items/deputies.html", context)


def _name(request: OfficeRequest, form: DeputyForm) -> bool:
    """Name the deputy; whether it was possible."""
    # Who may name a deputy for nobody else has no such field in the form.
    person = form.cleaned_data.get("person", request.user)
    try:
        named = workflow.name_deputy(
            person,
            form.cleaned_data["deputy"],
            form.cleaned_data["starts_on"],
            form.cleaned_data["ends_on"],
            by=request.user,
            at=request.now,
        )
    except WorkflowError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, f"已指定：{named}；到期自動結束。")
    return True


@require_POST
def deputy_end(request: OfficeRequest, year: int, pk: int) -> HttpResponse:
    """提前結束: from now on the deputy has the own rights alone."""
    access.get_programme(year)
    deputies_to_end = access.deputies_to_end(request.user)
    deputy = access.get_or_404(deputies_to_end, pk=pk)
    done = f"{deputy.person}由{deputy.deputy}代理已經結束，所寫的紀錄都保留。"
    with saying(request, done):
        workflow.end(deputy, by=request.user, at=request.now)
    return redirect("deputies", year)
