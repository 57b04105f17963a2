"""催辦郵件: the rules of a year, what was sent to whom, and what each person wishes to get."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from items import access
from items.forms.reminders import MailWishForm, ReminderSettingsForm
from items.models import MailWish, Programme
from items.models.reminder_mail import reminder_settings_of
from items.requests import OfficeRequest
from items.saying import save_changed
from items.workflow import reminder_mail as workflow
from items.workflow.held_rows import held
from items.workflow.year_rules import change_rules
from items.worklists.mails import mail_rows, unreachable

PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def mails(request: OfficeRequest, year: int) -> HttpResponse:
    """The plan office sets the rules; people who read the history read what was sent."""
    programme = access.get_programme(year)
    access.require(access.can_read_record(request.user))
    may_remind = access.can_remind(request.user)
    form = ReminderSettingsForm(instance=reminder_settings_of(programme))
    if request.method == "POST":
        access.require(may_remind)
        # The year is held and not the row of its rules, which may not exist yet.
        with held(Programme.objects.filter(pk=programme.pk)):
            form = ReminderSettingsForm(request.POST, instance=reminder_settings_of(programme))
            if form.is_valid():
                _save(request, programme, form)
                return redirect("mails", year)
    sent = access.visible_mails(request.user).order_by("-on", "-pk")
    page = Paginator(sent, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "programme": programme,
        "form": form,
        "rules": reminder_settings_of(programme),
        "may_remind": may_remind,
        "page": page,
        "rows": mail_rows(page.object_list, request.now),
        "unreachable": unreachable(),
        "has_mail": settings.HAS_MAIL,
    }
    return render(request, "items/mails.html", context)


def _save(request: OfficeRequest, programme: Programme, form: ReminderSettingsForm) -> None:
    def write(content: dict[str, Any]) -> None:
        change_rules(reminder_settings_of, programme, content, by=request.user, at=request.now)

    save_changed(request, form, write)


@require_http_methods(["GET", "HEAD", "POST"])
def mail_wish(request: OfficeRequest) -> HttpResponse:
    """The own page: lower the reminders, and see to which address they go."""
    # Most people never open this page: they have no row, and get every reminder.
    stored = MailWish.objects.filter(person=request.user).first()
    wish = stored or MailWish(person=request.user)
    form = MailWishForm(instance=wish)
    if request.method == "POST":
        form = MailWishForm(request.POST, instance=wish)
        if form.is_valid():
            level = form.cleaned_data["level"]
            workflow.change_wish(request.user, level, at=request.now)
            messages.success(request, "已儲存：催辦郵件。")
            return redirect("mail_wish")
    context = {"form": form, "has_mail": settings.HAS_MAIL}
    return render(request, "items/mail_wish.html", context)
