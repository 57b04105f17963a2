"""Django's own admin list of items, as its documentation shows it, with the columns of 計畫表.

Progress and light are counted in Python, for each row from its reports; the filter by light asks
the same of every row, since no column of the database holds it.
"""

from collections.abc import Iterator

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from items.models import Action, Assignment, ProgressReport
from items.models.progress import SUBMITTED
from plan_tracker import clock

BEHIND = "behind"
PER_PAGE = 200
"""As many rows as 計畫表 shows."""


def newest_reports(action: Action) -> Iterator[ProgressReport]:
    """Of each lead assignment, what was reported last."""
    for assignment in action.assignments.filter(kind="lead"):
        reports = ProgressReport.objects.filter(assignment=assignment, state__in=SUBMITTED)
        newest = reports.order_by("-period__ends_on").first()
        if newest is not None:
            yield newest


def is_behind(action: Action) -> bool:
    threshold = action.plan.method.strategy.programme.behind_threshold
    behind_by = [0]
    for report in newest_reports(action):
        behind_by.append((report.planned_percent or 0) - (report.percent or 0))
    return max(behind_by) >= threshold


class LightFilter(admin.SimpleListFilter):
    """燈號: by a look at every row."""

    title = "燈號"
    parameter_name = "light"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(BEHIND, "落後")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Action]) -> QuerySet[Action]:
        if self.value() != BEHIND:
            return queryset
        behind = [action.pk for action in queryset if is_behind(action)]
        return queryset.filter(pk__in=behind)


class StockActionAdmin(admin.ModelAdmin):
    """計畫表 as somebody would make it with nothing but the admin."""

    list_display = (
        "strategy",
        "method",
        "plan",
        "title",
        "deadline",
        "departments",
        "progress",
        "light",
    )
    list_filter = (LightFilter,)
    list_per_page = PER_PAGE
    list_select_related = ("plan__method__strategy__programme",)

    @admin.display(description="實施策略")
    def strategy(self, action: Action) -> str:
        return str(action.plan.method.strategy)

    @admin.display(description="推動方法")
    def method(self, action: Action) -> str:
        return str(action.plan.method)

    @admin.display(description="完成期限")
    def deadline(self, action: Action) -> str:
        return "、".join(assignment.deadline_text for assignment in self._leads(action))

    @admin.display(description="主辦單位")
    def departments(self, action: Action) -> str:
        return "、".join(str(assignment.department) for assignment in self._leads(action))

    @admin.display(description="實際進度")
    def progress(self, action: Action) -> str:
        percents = [report.percent or 0 for report in newest_reports(action)]
        if not percents:
            return ""
        return f"{sum(percents) / len(percents):.0f}%"

    @admin.display(description="燈號")
    def light(self, action: Action) -> str:
        if is_behind(action):
            return "落後"
        late = self._leads(action).filter(deadline__lt=clock.today())
        if late.exists():
            return "逾期"
        return "正常"

    def _leads(self, action: Action) -> "QuerySet[Assignment]":
        return action.assignments.filter(kind="lead").select_related("department")


class StockSite(admin.AdminSite):
    """An admin of its own, since the service's has another list of items."""


site = StockSite(name="stock")
site.register(Action, StockActionAdmin)
