"""Writing one 辦理情形, reading one, and the steps that it takes."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from items import access
from items.diff import new_clauses
from items.forms import ReportForm, WordsForm
from items.models import ProgressReport, ReportState
from items.views.todo import next_to_write
from items.workflow import StaleReport, WorkflowError, reporting


@require_http_methods(["GET", "HEAD", "POST"])
def report_form(request, year, pk, number):
    """The one page on which a department writes; `number` is the period's."""
    programme = access.get_programme(year)
    period = access.get_period(programme, number)
    assignment = access.get_reportable(request.user, pk)
    if assignment.action.programme != programme:
        raise Http404
    report = ProgressReport.objects.with_path().filter(assignment=assignment, period=period).first()
    if request.method == "POST":
        return save(request, assignment, period, report)
    if not period.is_open or (report and not report.is_editable):
        return closed_to_writing(request, period, report)
    return show_form(request, assignment, period, report, blank_form(report))


def blank_form(report):
    if report is None:
        return ReportForm(initial={"version": 0})
    return ReportForm(initial=report.content() | {"version": report.version})


def closed_to_writing(request, period, report):
    """A form that cannot be used is not shown: the reader goes to the report, or back, with a sentence that says why."""
    if report:
        return redirect("report", period.programme.year, report.pk)
    messages.info(request, f"{period}{'已經關閉' if period.is_closed else '還沒有開放填報'}。")
    return redirect("todo", period.programme.year)


def save(request, assignment, period, report):
    form = ReportForm(request.POST)
    if not form.is_valid():
        return answer_invalid(request, assignment, period, report, form)
    # Without a report there is no version to be older than: a number that somebody made up is no reason to fail.
    version = form.cleaned_data["version"] if report else 0
    who_and_when = {"version": version, "by": request.user, "at": request.now}
    try:
        if request.POST.get("intent") == "submit":
            lacking = reporting.missing(
                ProgressReport(assignment=assignment, period=period, **form.content), request.today
            )
            for field, sentence in lacking.items():
                form.add_error(field, sentence)
            if lacking:
                return answer_invalid(request, assignment, period, report, form)
            sent = reporting.write_and_submit(
                assignment, period, form.content, today=request.today, **who_and_when
            )
            return answer_sent(request, sent)
        written = reporting.write(assignment, period, form.content, **who_and_when)
    except StaleReport as stale:
        return answer_stale(request, assignment, period, form, stale)
    except WorkflowError as error:
        form.add_error(None, str(error))
        return answer_invalid(request, assignment, period, report, form)
    if request.POST.get("intent") == "autosave":
        return render(
            request,
            "items/report_form.html#saved",
            {"version": written.version, "saved_at": request.now},
        )
    messages.success(
        request, f"{assignment.action.code} 的草稿已儲存，只有{assignment.department}看得到。"
    )
    return redirect("report_form", period.programme.year, assignment.pk, period.number)


def answer_invalid(request, assignment, period, report, form):
    if request.POST.get("intent") == "autosave":
        problem = "還不能自動儲存：" + "".join(
            error for errors in form.errors.values() for error in errors
        )
        return render(
            request,
            "items/report_form.html#saved",
            {"version": form["version"].value(), "problem": problem},
        )
    return show_form(request, assignment, period, report, form)


def answer_sent(request, report):
    """Say what happens next, and offer the next thing to write."""
    following = next_to_write(request.user, report.period, request.today, after=report.assignment)
    messages.success(
        request, f"{report.assignment.action.code} 已送出，{next_step_words(report)}。"
    )
    year = report.period.programme.year
    if following:
        return redirect(reverse("todo", args=[year]) + f"#item-{following.pk}")
    return redirect("todo", year)


def next_step_words(report):
    if report.state == ReportState.WITH_HEAD:
        return (
            "待"
            + "、".join(
                str(head.user) for head in reporting.heads_for(report).select_related("user")
            )
            + "核可"
        )
    return "待研考審核"


def answer_stale(request, assignment, period, form, stale):
    """Somebody was faster: both texts are shown and nothing is lost. A double click is not a conflict."""
    current = stale.current
    if (
        current.is_submitted
        and current.written_by_id == request.user.pk
        and current.content() == form.content
    ):
        return answer_sent(request, current)
    if request.POST.get("intent") == "autosave":
        context = {
            "version": form.cleaned_data["version"],
            "problem": f"{stale}按「儲存草稿」可以並列比較兩邊的內容。",
        }
        return render(request, "items/report_form.html#saved", context)
    if not current.is_editable:
        context = {
            "report": current,
            "mine": form.content,
            "programme": period.programme,
            "assignment": assignment,
        }
        return render(request, "items/report_taken.html", context)
    mine = ReportForm(initial=form.content | {"version": current.version})
    return show_form(
        request, assignment, period, current, mine, theirs=current, conflict=str(stale)
    )


def show_form(request, assignment, period, report, form, **more):
    """The form beside what is known of the item: its path, the other departments, the period before."""
    others = (
        access.visible_assignments(request.user)
        .filter(action=assignment.action)
        .exclude(pk=assignment.pk)
        .with_light(request.today)
        .with_path()
        .order_by("kind", "position")
    )
    earlier = (
        access.visible_reports(request.user)
        .submitted()
        .filter(assignment=assignment, period__ends_on__lt=period.ends_on)
        .select_related("period")
        .order_by("-period__ends_on")
    )
    lit = (
        access.visible_assignments(request.user)
        .with_light(request.today)
        .with_path()
        .get(pk=assignment.pk)
    )
    context = {
        "programme": period.programme,
        "assignment": lit,
        "action": lit.action,
        "period": period,
        "report": report,
        "form": form,
        "version": form["version"].value(),
        "planned": reporting.planned_for(assignment, period, request.today),
        "threshold": period.programme.behind_threshold,
        "others": others,
        "earlier": list(earlier[:4]),
        "steps": report.steps.select_related("by") if report else [],
        "has_head": reporting.heads_of(assignment, request.user).exists(),
        "following": next_to_write(request.user, period, request.today, after=assignment),
        "days_left": (period.due_on - request.today).days,
    }
    return render(request, "items/report_form.html", context | more)


@require_safe
def report(request, year, pk):
    """One report as it stands, what changed against the period before, its way so far, and the step that is due."""
    programme = access.get_programme(year)
    found = access.get_report(request.user, pk)
    if found.period.programme_id != programme.pk:
        raise Http404
    return show_report(request, found, WordsForm(initial={"version": found.version}))


def show_report(request, found, form):
    earlier = (
        access.visible_reports(request.user)
        .submitted()
        .filter(assignment=found.assignment, period__ends_on__lt=found.period.ends_on)
        .select_related("period")
        .order_by("-period__ends_on")
        .first()
    )
    context = {
        "programme": found.period.programme,
        "report": found,
        "assignment": access.visible_assignments(request.user)
        .with_light(request.today)
        .with_path()
        .get(pk=found.assignment_id),
        "earlier": earlier,
        "changes": new_clauses(earlier.text, found.text) if earlier else [],
        "steps": found.steps.select_related("by"),
        "form": form,
        "planned": reporting.planned_for(found.assignment, found.period, request.today),
    }
    return render(request, "items/report.html", context)


STEPS = {
    "endorse": (reporting.endorse, "endorsable", "已同意，送研考審核"),
    "accept": (reporting.accept, "acceptable", "已備查"),
    "return": (reporting.send_back, "returnable", "已退回，承辦人會在「我的填報」看到原因"),
    "recall": (reporting.recall, "recallable", "已撤回，可以繼續修改"),
}


@require_POST
def report_step(request, year, pk, step):
    """One step of one report; who may take it is asked of the row itself."""
    if step not in STEPS:
        raise Http404
    verb, right, done = STEPS[step]
    found = access.get_report(request.user, pk)
    if found.period.programme_id != access.get_programme(year).pk:
        raise Http404
    form = WordsForm(request.POST)
    if not getattr(found, right):
        return refuse_step(request, found, form)
    if not form.is_valid():
        return show_report(request, found, form)
    words = {"words": form.cleaned_data["words"]} if step != "recall" else {}
    try:
        moved = verb(
            found, by=request.user, at=request.now, version=form.cleaned_data["version"], **words
        )
    except StaleReport:
        messages.error(
            request, f"{found.assignment.action.code} 剛才有人更新過，請看過目前內容再決定。"
        )
        return redirect("report", year, pk)
    except WorkflowError as error:
        form.add_error("words" if step == "return" else None, str(error))
        return show_report(request, found, form)
    messages.success(request, f"{moved.assignment} {done}。")
    if step == "recall":
        return redirect("report_form", year, moved.assignment_id, moved.period.number)
    is_from_review = request.user.is_coordinator and (
        step != "endorse" or not access.is_head(request.user)
    )
    return redirect("review" if is_from_review else "inbox", year)


def refuse_step(request, found, form):
    """403 for a stranger; for a page that has gone stale, the report as it stands now, with a sentence."""
    seen = form.data.get("version")
    own = (
        access.departments_of(request.user)
        .filter(department=found.assignment.department_id)
        .exists()
    )
    access.require((own or request.user.is_coordinator) and seen and seen != str(found.version))
    messages.error(
        request, f"{found.assignment.action.code} 剛才有人更新過，目前是「{found.state_words}」。"
    )
    return redirect("report", found.period.programme.year, found.pk)
