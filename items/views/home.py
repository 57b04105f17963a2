"""Where a person lands after signing in: the first screen of the role (product.md, "Who uses it")."""

from django.contrib.auth import views as auth_views
from django.contrib.auth.mixins import LoginRequiredMixin
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.views.decorators.http import require_safe

from items import access
from items.demonstration import accounts
from items.forms import LoginForm
from items.models import Department, Membership, MembershipRole, Programme, ReportState, Role, User
from plan_tracker.middleware import ENDED

FIRST_SCREEN = {
    Role.COORDINATOR: "review",
    Role.MANAGER: "dashboard",
    Role.AUDITOR: "record",
    Role.ADMIN: "office",
}


class LoginView(auth_views.LoginView):
    """Sign in; the demonstration shows its accounts beside the form."""

    authentication_form = LoginForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs):
        mine = {
            "demonstration_accounts": accounts.demonstration_accounts(),
            "is_ended": ENDED in self.request.GET,
        }
        return super().get_context_data(**kwargs) | mine


class PasswordChangeView(LoginRequiredMixin, auth_views.PasswordChangeView):
    """變更密碼; whoever came with a password set by somebody else has now a secret of their own."""

    success_url = reverse_lazy("password_change_done")

    def form_valid(self, form):
        form.user.must_change_password = False
        return super().form_valid(form)


@require_safe
def home(request):
    programme = Programme.objects.first()
    if programme is None:
        return render(request, "items/no_programme.html")
    return redirect(first_screen(request.user), year=programme.year)


def first_screen(user):
    if user.role in FIRST_SCREEN:
        return FIRST_SCREEN[user.role]
    waiting = access.visible_reports(user).filter(endorsable=True, state=ReportState.WITH_HEAD)
    if access.is_head(user) and (
        waiting.exists() or not access.departments_of(user, role="reporter").exists()
    ):
        return "inbox"
    return "todo" if access.departments_of(user).exists() else "dashboard"


@require_safe
def office(request, year):
    """系統管理: what the information office looks after, with what needs a hand named first."""
    programme = access.get_programme(year)
    access.require(request.user.is_admin)
    active = Department.objects.filter(is_active=True).order_by("position", "id")
    without_members = active.exclude(memberships__user__is_active=True)
    without_department = User.objects.filter(is_active=True, role=Role.STAFF, memberships=None)
    without_coordinator = not User.objects.filter(is_active=True, role=Role.COORDINATOR).exists()
    context = {
        "programme": programme,
        "active_users": User.objects.filter(is_active=True).count(),
        "without_department": without_department,
        "without_members": without_members,
        "without_head": active.exclude(pk__in=without_members).exclude(
            pk__in=Membership.objects.filter(role=MembershipRole.HEAD, user__is_active=True).values(
                "department"
            )
        ),
        "without_coordinator": without_coordinator,
        "unfinished": len(without_members) + len(without_department) + without_coordinator,
        "has_periods": programme.periods.exists(),
        "last_batch": programme.batches.select_related("by").defer("content").first(),
    }
    return render(request, "items/office.html", context)
