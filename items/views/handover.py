"""業務移交: from whom to whom, the preview, the list to sign, and handing back."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from items import access
from items.models import User
from items.requests import OfficeRequest, key_in
from items.workflow import WorkflowError
from items.workflow import handover as workflow
from items.worklists.handover import givers, list_of, preview_of, receivers

TICKED = "take-"
"""A ticked department: its name begins so, and ends with the department's key."""
ROLE = "role-"
"""The same for what the receiver becomes there."""


@require_http_methods(["GET", "HEAD", "POST"])
def handover(request: OfficeRequest, year: int) -> HttpResponse:
    """Choose two people, look at what would move, confirm."""
    programme = access.get_programme(year)
    access.require(access.can_hand_over(request.user))
    # The two people are chosen by GET: a preview writes nothing, and its address can be kept.
    chosen = request.GET
    if request.method == "POST":
        chosen = request.POST
    giver = _person(chosen.get("giver", ""))
    receiver = _person(chosen.get("receiver", ""))
    if request.method == "POST" and giver is not None and receiver is not None:
        try:
            done = _confirm(request, giver, receiver)
        except WorkflowError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"已完成移交。{done.summary}。")
            return redirect("handover_list", year, done.pk)
    context: dict[str, Any] = {
        "programme": programme,
        "giver": giver,
        "receiver": receiver,
        "givers": givers(request.user, giver),
        "receivers": receivers(request.user, receiver),
        "preview": None,
        "problem": "",
        # Heads hand over as well, but the page of people is not theirs: no way back to it.
        "may_run_people": access.can_run_people(request.user),
    }
    if giver is not None and giver == receiver:
        context["problem"] = "移交人與接收人是同一個人，請另外選擇接收人。"
    elif giver is not None and receiver is not None:
        context["preview"] = preview_of(request.user, giver, receiver)
    elif chosen.get("giver") and chosen.get("receiver"):
        context["problem"] = "沒有這個帳號，請從名單裡選擇。"
    return render(request, "items/handover.html", context)


def _person(text: str) -> User | None:
    key = key_in(text)
    if key is None:
        return None
    return User.objects.filter(pk=key).first()


def _confirm(request: OfficeRequest, giver: User, receiver: User) -> Any:
    """Carry out what was ticked; only people who may change memberships change any."""
    may_change = access.can_run_people(request.user)
    wishes = []
    for name in request.POST:
        if not name.startswith(TICKED):
            continue
        key = key_in(name.removeprefix(TICKED))
        if key is None:
            continue
        role = ""
        if may_change:
            role = request.POST.get(f"{ROLE}{key}", "")
        wishes.append(workflow.DepartmentWish(key, role))
    wish = workflow.HandoverWish(
        giver=giver,
        receiver=receiver,
        departments=wishes,
        ends_memberships=may_change and bool(request.POST.get("ends")),
        # What the preview showed: work that came since is not moved unseen.
        fingerprint=request.POST.get("fingerprint", ""),
    )
    reach = access.departments_to_hand_over(request.user).values_list("pk", flat=True)
    return workflow.hand_over(wish, reach=list(reach), by=request.user, at=request.now)


@require_safe
def handover_list(request: OfficeRequest, year: int, pk: int) -> HttpResponse:
    """The list, to print and sign."""
    programme = access.get_programme(year)
    done = access.get_or_404(access.visible_handovers(request.user), pk=pk)
    context = {
        "programme": programme,
        "handover": done,
        "list": list_of(done),
        "may_run_people": access.can_run_people(request.user),
        "may_hand_back": access.may_hand_back(request.user, done),
    }
    return render(request, "items/handover_list.html", context)


@require_POST
def handover_undo(request: OfficeRequest, year: int, pk: int) -> HttpResponse:
    """交還: what is still as the handover left it goes back."""
    access.get_programme(year)
    access.require(access.can_hand_over(request.user))
    done = access.get_or_404(access.visible_handovers(request.user), pk=pk)
    access.require(access.may_hand_back(request.user, done))
    try:
        kept_sentences = workflow.hand_back(done, by=request.user, at=request.now)
    except WorkflowError as error:
        messages.error(request, str(error))
        return redirect("handover_list", year, pk)
    messages.success(request, f"已把業務交還給{done.giver}。")
    # What was changed since stays with its new owner, and is named.
    for sentence in kept_sentences:
        messages.warning(request, sentence)
    return redirect("handover_list", year, pk)
