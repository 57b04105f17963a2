"""留言: asked from an item, answered and settled on a page of their own."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from items import access
from items.forms.questions import AskForm, QuestionStepForm
from items.models import Programme, Question, QuestionStepKind
from items.requests import OfficeRequest, way_back
from items.workflow import WorkflowError
from items.workflow import questions as workflow
from items.worklists.questions import QuestionThread, thread_of


def anchor_of(programme: Programme, question: Question) -> str:
    """The question on the page of its item."""
    address = reverse("action", args=[programme.year, question.action.code])
    return f"{address}#question-{question.pk}"


@require_http_methods(["GET", "HEAD", "POST"])
def question_new(request: OfficeRequest, year: int, code: str) -> HttpResponse:
    """A new question about an item."""
    programme = access.get_programme(year)
    action = access.get_action(programme, code)
    access.require(access.can_ask(request.user))
    if request.method != "POST" and programme.is_closed:
        messages.info(request, f"{year}年度已經結案，留言只能查閱；請在現在的年度留言。")
        return redirect("action", year, code)
    form = AskForm(action, request.user)
    if request.method == "POST":
        form = AskForm(action, request.user, request.POST)
        if form.is_valid():
            try:
                asked = workflow.ask(
                    action,
                    form.cleaned_data["text"],
                    to=form.addressee,
                    by=request.user,
                    at=request.now,
                )
            except WorkflowError as error:
                form.add_error("text", str(error))
            else:
                messages.success(request, f"已留言給{asked.to}，答覆時會通知您。")
                return redirect(anchor_of(programme, asked))
    context = {"programme": programme, "action": action, "form": form}
    return render(request, "items/questions/new.html", context)


@require_safe
def question(request: OfficeRequest, year: int, pk: int) -> HttpResponse:
    """One question with what followed it, and the form of those who may go on."""
    programme = access.get_programme(year)
    thread = _thread(request, programme, pk)
    return _page(request, programme, thread, QuestionStepForm())


@require_POST
def question_step(request: OfficeRequest, year: int, pk: int, step: str) -> HttpResponse:
    """答覆, 解決 and 再問."""
    programme = access.get_programme(year)
    shown = _thread(request, programme, pk).question
    if step not in QuestionStepKind.values:
        raise Http404
    kind = QuestionStepKind(step)
    # Whether it is possible now is said by the verb, in words.
    if kind == QuestionStepKind.ANSWER:
        access.require(shown.is_addressee)
    else:
        access.require(shown.is_asker)
    form = QuestionStepForm(request.POST)
    if form.is_valid():
        try:
            _take(request, shown, kind, form.cleaned_data["text"])
        except WorkflowError as error:
            form.add_error("text", str(error))
        else:
            messages.success(request, f"{shown}：已{kind.label}。")
            return redirect(way_back(request) or anchor_of(programme, shown))
    # Read anew: somebody may have been faster, and the buttons are those of now.
    return _page(request, programme, _thread(request, programme, pk), form)


def _take(request: OfficeRequest, shown: Question, kind: QuestionStepKind, text: str) -> None:
    by = request.user
    at = request.now
    if kind == QuestionStepKind.ANSWER:
        workflow.answer(shown, text, by=by, at=at)
    elif kind == QuestionStepKind.SETTLE:
        # With words or without: an answer may be enough as it is.
        workflow.settle(shown, text=text, by=by, at=at)
    else:
        workflow.ask_again(shown, text, by=by, at=at)


def _thread(request: OfficeRequest, programme: Programme, pk: int) -> QuestionThread:
    thread = thread_of(request.user, pk)
    if thread.question.action.programme != programme:
        raise Http404
    return thread


def _page(
    request: OfficeRequest, programme: Programme, thread: QuestionThread, form: QuestionStepForm
) -> HttpResponse:
    context = {
        "programme": programme,
        "thread": thread,
        "form": form,
        "back": way_back(request) or anchor_of(programme, thread.question),
        "next": way_back(request),
    }
    return render(request, "items/questions/question.html", context)
