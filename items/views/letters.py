"""稽催單: whom to remind, the letter before it is numbered, and as it was sent."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from items import access
from items.forms.base import error_sentences
from items.forms.reminders import LetterAnswerForm, LetterForm, VoidForm
from items.models import Department, ReminderLetter
from items.requests import OfficeRequest
from items.saying import saying
from items.workflow import WorkflowError
from items.workflow import letters as workflow
from items.workflow.held_rows import held
from items.worklists.letters import (
    letter_items,
    letter_rows,
    owing_departments,
    printed_items,
    printed_letter,
    suggested_answer_day,
)

VOID, ANSWER = "void", "answer"
"""The steps as they stand in the address."""


@require_safe
def letters(request: OfficeRequest, year: int) -> HttpResponse:
    """The letters; the plan office also sees whom a letter could be sent to."""
    programme = access.get_programme(year)
    may_remind = access.can_remind(request.user)
    context: dict[str, Any] = {
        "programme": programme,
        "rows": letter_rows(request.user, programme, request.today),
        "may_remind": may_remind,
        "owing": [],
    }
    if may_remind:
        context["owing"] = owing_departments(programme, request.today)
    return render(request, "items/letters.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def letter_new(request: OfficeRequest, year: int, pk: int) -> HttpResponse:
    """What the letter would say, and the button that numbers it."""
    programme = access.get_programme(year)
    access.require(access.can_remind(request.user))
    department = access.get_or_404(Department.objects.all(), pk=pk)
    # Worked out at each request and not taken from the form: the letter names what is owed now.
    items = letter_items(programme, department, request.today)
    suggested = suggested_answer_day(request.today)
    form = LetterForm(year=year, suggested=suggested)
    if request.method == "POST":
        form = LetterForm(request.POST, year=year, suggested=suggested)
        if form.is_valid():
            wish = workflow.LetterWish(
                items=items,
                answer_until=form.cleaned_data["answer_until"],
                note=form.cleaned_data["note"],
            )
            try:
                letter = workflow.issue(
                    programme, department, wish, by=request.user, at=request.now
                )
            except WorkflowError as error:
                form.add_error(None, str(error))
            else:
                messages.success(
                    request,
                    f"已開 {letter}；{department}的人員會在通知看到，請列印後送出。",
                )
                return redirect("letter", year, letter.pk)
    context = {
        "programme": programme,
        "department": department,
        # In the shape in which a letter keeps them: this page and the letter are printed alike.
        "items": printed_items([vars(item) for item in items], request.today),
        "form": form,
    }
    return render(request, "items/letter_new.html", context)


@require_safe
def letter(request: OfficeRequest, year: int, pk: int) -> HttpResponse:
    """The letter with its slip, to print; as it was sent, also where departments have reported since."""
    programme = access.get_programme(year)
    return _show(request, access.get_letter(request.user, programme, pk))


def _show(
    request: OfficeRequest,
    letter: ReminderLetter,
    *,
    answer_form: LetterAnswerForm | None = None,
    void_form: VoidForm | None = None,
) -> HttpResponse:
    if answer_form is None:
        answer_form = LetterAnswerForm(letter=letter, today=request.today)
    context = {
        "programme": letter.programme,
        "letter": letter,
        "printed": printed_letter(letter),
        "may_remind": access.can_remind(request.user),
        "answer_form": answer_form,
        "void_form": void_form or VoidForm(),
    }
    return render(request, "items/letter.html", context)


def _note_answer(request: OfficeRequest, letter: ReminderLetter) -> HttpResponse:
    form = LetterAnswerForm(request.POST, letter=letter, today=request.today)
    if not form.is_valid():
        messages.error(request, error_sentences(form))
        return _show(request, letter, answer_form=form)
    with saying(request, f"已記下 {letter.number_words} 的回復。"):
        workflow.note_answer(
            letter,
            form.cleaned_data["answer"],
            form.cleaned_data["answered_on"],
            by=request.user,
            at=request.now,
        )
    return redirect("letter", letter.programme.year, letter.pk)


@require_POST
def letter_step(request: OfficeRequest, year: int, pk: int, step: str) -> HttpResponse:
    """Note what came back, or void the letter."""
    programme = access.get_programme(year)
    access.require(access.can_remind(request.user))
    letter = access.get_letter(request.user, programme, pk)
    # Held while two people's answers are compared; voiding holds the letter by itself.
    if step == ANSWER:
        with held(ReminderLetter.objects.filter(pk=pk)):
            letter_now = access.get_letter(request.user, programme, pk)
            return _note_answer(request, letter_now)
    if step != VOID:
        raise Http404
    void_form = VoidForm(request.POST)
    if not void_form.is_valid():
        messages.error(request, error_sentences(void_form))
        return _show(request, letter, void_form=void_form)
    because = void_form.cleaned_data["because"]
    # A number is never given again: it stands on paper that has left the house.
    with saying(request, f"{letter.number_words}已作廢，號數不再使用。"):
        workflow.void(letter, because, by=request.user, at=request.now)
    return redirect("letter", year, pk)
