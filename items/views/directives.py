"""主席裁示: departments answer and ask for release; the plan office decides and concludes."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from items import access
from items.forms.base import error_sentences
from items.forms.meetings import ASK, AnswerForm, CarryForm, DirectiveForm
from items.models import Directive, DirectiveAnswer, DirectiveOutcome, Meeting, Programme
from items.models.lengths import REASON_LENGTH
from items.requests import OfficeRequest, key_in, way_back
from items.saying import saying
from items.workflow import Refusal, WorkflowError, directive_answers, directive_endings, directives
from items.workflow.held_rows import held
from items.worklists.meetings import directive_cards, later_meetings

REASONED_OUTCOMES = (DirectiveOutcome.BY_ITSELF, DirectiveOutcome.VOID)
"""How an instruction can end while rows are open: each with its reason."""


# The plan office.


@require_http_methods(["GET", "HEAD", "POST"])
def directive(request: OfficeRequest, year: int, pk: int) -> HttpResponse:
    """Other words of an instruction, and how it ends."""
    programme = access.get_programme(year)
    access.require(access.can_run_meetings(request.user))
    shown = access.get_directive(request.user, programme, pk)
    form = DirectiveForm(programme, directive=shown)
    if request.method == "POST":
        with held(Directive.objects.filter(pk=pk)):
            # Read anew while it is held: somebody else may have saved it since it was fetched.
            shown.refresh_from_db()
            form = DirectiveForm(programme, request.POST, directive=shown)
            if form.is_valid() and revise(request, shown, form):
                return redirect(anchor_of(shown))
    [card] = directive_cards(request.user, Directive.objects.filter(pk=pk), request.today)
    context = {
        "programme": programme,
        "card": card,
        "form": form,
        "may_edit": shown.is_open and not programme.is_closed,
        "carry_form": CarryForm(programme),
        "later_meetings": later_meetings(shown),
        "outcomes": REASONED_OUTCOMES,
        "reason_length": REASON_LENGTH,
    }
    return render(request, "items/directive.html", context)


def anchor_of(shown: Directive) -> str:
    """The instruction on the page of its meeting."""
    address = reverse("meeting", args=[shown.meeting.programme.year, shown.meeting_id])
    return f"{address}#directive-{shown.number}"


def revise(request: OfficeRequest, shown: Directive, form: DirectiveForm) -> bool:
    """Save the instruction; whether it was possible."""
    try:
        directives.revise(shown, form.content, by=request.user, at=request.now)
    except WorkflowError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, f"已儲存{shown}。")
    return True


@require_POST
def directive_step(request: OfficeRequest, year: int, pk: int, step: str) -> HttpResponse:
    """自行列管, 作廢, 持續列管 and 恢復列管."""
    programme = access.get_programme(year)
    access.require(access.can_run_meetings(request.user))
    shown = access.get_directive(request.user, programme, pk)
    because = request.POST.get("because", "")
    try:
        if step == "carry":
            done = carry(request, shown)
        elif step == "again":
            directive_endings.follow_up_again(
                shown, because=because, by=request.user, at=request.now
            )
            done = f"{shown}恢復列管，各單位的工作清單會再列出來。"
        elif step in REASONED_OUTCOMES:
            outcome = DirectiveOutcome(step)
            directive_endings.conclude(
                shown, outcome, because=because, by=request.user, at=request.now
            )
            done = f"{shown}已{outcome.label}。"
        else:
            raise Http404
    except WorkflowError as error:
        return show_refused(request, programme, str(error), back=anchor_of(shown))
    messages.success(request, done)
    return redirect(anchor_of(shown))


def carry(request: OfficeRequest, shown: Directive) -> str:
    """持續列管 in the meeting that was chosen; returns what was done."""
    key = key_in(request.POST.get("meeting", ""))
    if key is None:
        raise WorkflowError("請選接下去的會議。", Refusal.DIRECTIVE_NOT_POSSIBLE)
    chosen = access.visible_meetings(request.user).select_related("programme")
    meeting: Meeting = access.get_or_404(chosen, pk=key)
    # A day without a year is one of the year of the meeting that gave the instruction.
    form = CarryForm(shown.meeting.programme, request.POST)
    if not form.is_valid():
        raise WorkflowError(error_sentences(form), Refusal.DIRECTIVE_NOT_POSSIBLE)
    successor = directives.carry_over(
        shown, meeting, due_on=form.cleaned_data["due_on"], by=request.user, at=request.now
    )
    return f"{shown}持續列管，接到{successor}。"


def show_refused(
    request: OfficeRequest, programme: Programme, problem: str, *, back: str
) -> HttpResponse:
    """Why a step was not taken, with what was written, to send it again."""
    context = {
        "programme": programme,
        "problem": problem,
        "because": request.POST.get("because", ""),
        "asks_reason": "because" in request.POST,
        "reason_length": REASON_LENGTH,
        "back": back,
    }
    return render(request, "items/directive_refused.html", context)


# Departments.


@require_http_methods(["GET", "HEAD", "POST"])
def directive_answer(request: OfficeRequest, year: int, pk: int) -> HttpResponse:
    """辦理情形 of one department about one instruction."""
    programme = access.get_programme(year)
    answer = access.get_own_answer(request.user, programme, pk)
    back = way_back(request) or anchor_of(answer.directive)
    if request.method != "POST":
        # A notice or a bookmark may lead here after the row was released.
        obstacle = obstacle_to_writing(answer)
        if obstacle:
            messages.info(request, obstacle)
            return redirect(back)
    form = AnswerForm(answer)
    overtaken = None
    if request.method == "POST":
        form = AnswerForm(answer, request.POST)
        if form.is_valid():
            try:
                write(request, answer, form)
                return redirect(back)
            except WorkflowError as error:
                if error.reason is Refusal.ANSWER_CHANGED:
                    # Both texts are on the page; saving once more saves the one in the form.
                    overtaken = access.get_own_answer(request.user, programme, pk)
                    form = AnswerForm(overtaken, form.as_seen(overtaken))
                form.add_error("text", str(error))
    [card] = directive_cards(
        request.user, Directive.objects.filter(pk=answer.directive_id), request.today
    )
    context = {
        "programme": programme,
        "answer": answer,
        "card": card,
        "form": form,
        "overtaken": overtaken,
        "back": back,
        "ask": ASK,
    }
    return render(request, "items/directive_answer.html", context)


def obstacle_to_writing(answer: DirectiveAnswer) -> str:
    """Why the form would lead nowhere, as a sentence; empty where it can be written."""
    if not answer.directive.is_open:
        return f"{answer.directive}已經{answer.directive.get_outcome_display()}，不必再填。"
    if answer.is_released:
        return f"{answer}已經解列，不必再填。"
    if answer.is_asked:
        return f"{answer}已經要求解列；要再改辦理情形，請先收回。"
    return ""


def write(request: OfficeRequest, answer: DirectiveAnswer, form: AnswerForm) -> None:
    asks = request.POST.get("intent") == ASK
    directive_answers.write(
        answer,
        form.cleaned_data["text"],
        seen_at=form.cleaned_data["seen_at"],
        asks=asks,
        by=request.user,
        at=request.now,
    )
    words = f"已儲存{answer}的辦理情形"
    if asks:
        words += "，並請研考同意解列"
    messages.success(request, f"{words}。")


@require_POST
def answer_step(request: OfficeRequest, year: int, pk: int, step: str) -> HttpResponse:
    """收回 by the department; 同意解列 and 不同意 by the plan office."""
    programme = access.get_programme(year)
    if step == "take_back":
        return take_back(request, programme, pk)
    access.require(access.can_run_meetings(request.user))
    answer = access.get_answer(request.user, programme, pk)
    back = anchor_of(answer.directive)
    if step == "agree":
        with saying(request, f"已同意{answer.department}解列。"):
            directive_answers.agree(answer, by=request.user, at=request.now)
        return redirect(back)
    if step != "refuse":
        raise Http404
    because = request.POST.get("because", "")
    try:
        directive_answers.refuse(answer, because=because, by=request.user, at=request.now)
    except WorkflowError as error:
        return show_refused(request, programme, str(error), back=back)
    messages.success(request, f"不同意{answer.department}解列，已請單位繼續辦理。")
    return redirect(back)


def take_back(request: OfficeRequest, programme: Programme, pk: int) -> HttpResponse:
    """收回 of 要求解列, by the department that has asked."""
    # By the department's own right: the plan office, which decides, takes nothing back.
    answer = access.get_own_answer(request.user, programme, pk)
    with saying(request, f"已收回{answer}的解列要求，可以再改辦理情形。"):
        directive_answers.take_back(answer, by=request.user, at=request.now)
    return redirect(anchor_of(answer.directive))
