"""The filter of the plan table: it is the URL, so that a list can be shared, counted on the dashboard and exported."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

import django_filters
from django import forms
from django.db.models import Exists, F, OuterRef, Q, Subquery

from items import access, search
from items.lights import Light
from items.models import (
    EVERY_DEPARTMENT,
    Assignment,
    ControlStatus,
    Department,
    ProgressReport,
    WorkStatus,
)

TITLES = (
    "title",
    "code",
    "expected_benefit",
    "plan__title",
    "plan__method__title",
    "plan__method__strategy__title",
)
WRITTEN = ("text", "delay_reason", "remedy")


def quarter_of(day):
    """The first and the last day of the calendar quarter that a day lies in."""
    first = (day.month - 1) // 3 * 3 + 1
    return date(day.year, first, 1), date(day.year, first + 2, monthrange(day.year, first + 2)[1])


def deadline_ranges(today, soon_days):
    """{key: the deadlines it means} for the choices of `PlanFilter.DEADLINES`."""
    first, last = quarter_of(today)
    return {
        "past": Q(deadline__lt=today),
        "soon": Q(deadline__range=(today, today + timedelta(days=soon_days))),
        "quarter": Q(deadline__range=(first, last)),
        "later": Q(deadline__gt=last),
    }


@dataclass(frozen=True)
class Chip:
    """One active condition in words, and the query string of the list without it."""

    label: str
    words: str
    without: str


class Checkbox(django_filters.Filter):
    field_class = forms.BooleanField


class PlanFilter(django_filters.FilterSet):
    """Which actions to show.

    Without a department the conditions on progress are about the lead assignments: `light` is the worst of them, and
    the others hold where one of them meets it. With a department they are about that department's own assignment,
    lead or supporting. `unreported` asks about every assignment that owes a report, for supporters report too.
    """

    DEADLINES = [
        ("past", "期限已過"),
        ("soon", "即將到期"),
        ("quarter", "本季到期"),
        ("later", "本季以後"),
    ]
    SORTS = [("severity", "燈號，最急的在前"), ("deadline", "期限，最早的在前")]
    SELDOM = ("work_status", "control", "unreported", "sort", "benefit")
    CONDITIONS = (
        "q",
        "strategy",
        "department",
        "light",
        "work_status",
        "control",
        "deadline",
        "unreported",
    )

    strategy = django_filters.ChoiceFilter(
        label="實施策略", empty_label="全部策略", field_name="plan__method__strategy__number"
    )
    department = django_filters.ChoiceFilter(
        label="單位", empty_label="全部單位", method="of_department"
    )
    light = django_filters.MultipleChoiceFilter(
        label="燈號",
        choices=Light.choices,
        method="with_light",
        widget=forms.CheckboxSelectMultiple,
    )
    work_status = django_filters.ChoiceFilter(
        label="辦理狀態",
        empty_label="辦理狀態不限",
        choices=WorkStatus.choices,
        method="with_work_status",
    )
    control = django_filters.ChoiceFilter(
        label="列管狀態",
        empty_label="列管狀態不限",
        choices=ControlStatus.choices,
        field_name="control_status",
    )
    deadline = django_filters.ChoiceFilter(
        label="完成期限", empty_label="期限不限", choices=DEADLINES, method="due_in"
    )
    unreported = django_filters.ChoiceFilter(
        label="未送出", empty_label="填報不限", method="owing_for"
    )
    q = django_filters.CharFilter(
        label="搜尋",
        method="holding",
        max_length=100,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": "作法、效益、單位、辦理情形"}
        ),
    )
    sort = django_filters.ChoiceFilter(
        label="排序", empty_label="照計畫順序", choices=SORTS, method="sorted_by"
    )
    benefit = Checkbox(label="顯示預期效益", method="keep")

    def __init__(self, data, *, user, programme, today):
        super().__init__(
            data, queryset=access.visible_actions(user).for_programme(programme).in_order()
        )
        self.user, self.programme, self.today = user, programme, today
        self.periods = {str(period.number): period for period in programme.periods.all()}
        departments = Department.objects.filter(
            Q(is_active=True)
            | Exists(Assignment.objects.for_programme(programme).filter(department=OuterRef("pk")))
        )
        self.departments = {str(department.pk): department for department in departments}
        fields = self.form.fields
        fields["strategy"].choices = [
            (str(strategy.number), str(strategy)) for strategy in programme.strategies.all()
        ]
        fields["department"].choices = [
            (pk, department.name) for pk, department in self.departments.items()
        ]
        fields["unreported"].choices = [
            (number, f"{period}未送出")
            for number, period in self.periods.items()
            if period.opened_at
        ]
        self.form.is_valid()

    # What the conditions are about.

    def chosen(self, name):
        return self.form.cleaned_data.get(name)

    @property
    def chosen_department(self):
        """The department asked for, None where the list is about all of them."""
        return self.departments.get(self.chosen("department"))

    def subjects(self):
        """The assignments of one action (an `OuterRef`) that the conditions on progress are about."""
        assignments = Assignment.objects.filter(action=OuterRef("pk"))
        return (
            assignments.filter(department=self.chosen_department)
            if self.chosen_department
            else assignments.lead()
        )

    # The conditions.

    def of_department(self, queryset, name, value):
        return queryset.filter(Exists(self.subjects()))

    def with_light(self, queryset, name, value):
        return queryset.with_light(self.today, self.chosen_department).filter(light__in=value)

    def with_work_status(self, queryset, name, value):
        reports = ProgressReport.objects.newest_submitted(self.today).filter(
            assignment=OuterRef("pk")
        )
        said = self.subjects().annotate(said=Subquery(reports.values("work_status")[:1]))
        return queryset.filter(Exists(said.filter(said=value)))

    def due_in(self, queryset, name, value):
        return queryset.filter(
            Exists(
                self.subjects().filter(deadline_ranges(self.today, self.programme.soon_days)[value])
            )
        )

    def owing_for(self, queryset, name, value):
        owing = Assignment.objects.owing(self.periods[value]).filter(action=OuterRef("pk"))
        if self.chosen_department:
            owing = owing.filter(department=self.chosen_department)
        return queryset.filter(Exists(owing))

    def holding(self, queryset, name, value):
        reports = (
            access.visible_reports(self.user).submitted().filter(assignment__action=OuterRef("pk"))
        )
        assignments = Assignment.objects.filter(action=OuterRef("pk"))
        for word in search.patterns(value):
            found = search.in_any(TITLES, word)
            found |= Q(Exists(assignments.filter(department__name__regex=word)))
            found |= Q(Exists(reports.filter(search.in_any(WRITTEN, word))))
            if re.search(word, EVERY_DEPARTMENT):
                found |= Q(every_department=True)
            queryset = queryset.filter(found)
        return queryset

    def sorted_by(self, queryset, name, value):
        if value == "severity":
            queryset = queryset.with_light(self.today, self.chosen_department)
            first = F("severity").desc(nulls_last=True)
        else:
            earliest = self.subjects().order_by("deadline").values("deadline")[:1]
            queryset = queryset.annotate(earliest=Subquery(earliest))
            first = F("earliest").asc(nulls_last=True)
        return queryset.order_by(first, *queryset.OFFICIAL_ORDER)

    def keep(self, queryset, name, value):
        """A choice of how to show the list, not of what is in it."""
        return queryset

    # What the page says about it.

    def problems(self):
        """A sentence for each parameter that could not be understood; the other conditions hold all the same."""
        return [
            "搜尋文字太長（最多 100 個字）或有不能搜尋的字元，已略過，其他條件照常。"
            if name == "q"
            else f"「{self.form.fields[name].label}」沒有這個選項，已略過，其他條件照常。"
            for name in self.form.errors
        ]

    @property
    def uses_seldom(self):
        """Whether one of the fields that the page folds away is in use."""
        return any(self.chosen(name) for name in self.SELDOM)

    def query(self, **changes):
        """The query string of this list, without empty and refused parameters; `name=None` leaves one out."""
        data = self.data.copy()
        data.clear()
        for name in self.form.fields:
            value = changes.get(name, self.chosen(name))
            if value:
                data.setlist(
                    name, value if isinstance(value, list) else ["1" if value is True else value]
                )
        return data.urlencode()

    def words_for(self, name, value):
        if name == "q":
            return f"「{value}」"
        words = str(dict(self.form.fields[name].choices).get(value, value))
        return f"策略 {words}" if name == "strategy" else words

    def chips(self):
        """The active conditions, each with the way to take it off; each light is one of its own."""
        found = []
        for name in self.CONDITIONS:
            value = self.chosen(name)
            for one in value if isinstance(value, list) else [value] if value else []:
                rest = (
                    [other for other in value if other != one] if isinstance(value, list) else None
                )
                label = str(self.form.fields[name].label)
                found.append(Chip(label, self.words_for(name, one), self.query(**{name: rest})))
        return found
