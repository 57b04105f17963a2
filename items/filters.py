"""The filter of the plan table: it is the URL, so that a list can be shared and counted."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import django_filters
from django import forms
from django.db.models import BooleanField, Exists, F, OuterRef, Q, Subquery
from django.forms import BoundField
from django.http import QueryDict

from items import access
from items.deadline_ranges import deadline_ranges
from items.lights import SEVERITY, Light
from items.models import (
    SUBMITTED,
    Assignment,
    ControlStatus,
    Department,
    Period,
    Programme,
    ProgressReport,
    User,
    WorkStatus,
)
from items.models.action_lights import with_worst_light
from items.models.actions import ActionQuerySet
from items.models.assignment_queries import AssignmentQuerySet
from items.models.conditions import Alternative, FirstThatHolds
from items.models.department_list import all_departments
from items.models.labels import field_label
from items.models.light_basis import LightBasis, fetch_periods
from items.plan_search import actions_holding


@dataclass(frozen=True)
class Chip:
    """One active condition in words, and the query string of the list without it."""

    label: str
    words: str
    without: str


class Checkbox(django_filters.Filter):
    """A parameter that is there or not."""

    field_class = forms.BooleanField


class PlanFilter(django_filters.FilterSet):
    """Which actions to show.

    Without a department the conditions on progress are about the lead assignments: `light` is the
    worst of them, and the others hold where one of them meets it. With a department they are about
    that department's own assignment, lead or supporting. `unreported` asks about every assignment
    that owes a report, for supporters report too.
    """

    DEADLINES = [
        ("past", "期限已過"),
        ("soon", "即將到期"),
        ("quarter", "本季到期"),
        ("later", "本季以後"),
    ]
    SORT_BY_LIGHT = "severity"
    SORTS = [(SORT_BY_LIGHT, "燈號，最急的在前"), ("deadline", "期限，最早的在前")]
    IN_FRONT = ("strategy", "department", "deadline", "q")
    FOLDED_AWAY = ("work_status", "delay_factor", "control", "unreported", "sort")
    SELDOM = (*FOLDED_AWAY, "benefit")
    CONDITIONS = (
        "q",
        "strategy",
        "department",
        "light",
        "work_status",
        "delay_factor",
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
    delay_factor = django_filters.ChoiceFilter(
        label=field_label(ProgressReport, "delay_factor"),
        empty_label="落後因素不限",
        method="with_delay_factor",
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
            attrs={"type": "search", "placeholder": "作法、效益、單位、人員、辦理情形"}
        ),
    )
    sort = django_filters.ChoiceFilter(
        label="排序", empty_label="照計畫順序", choices=SORTS, method="sorted_by"
    )
    benefit = Checkbox(label="顯示預期效益", method="keep")

    def __init__(self, data: QueryDict, *, user: User, programme: Programme, today: date) -> None:
        super().__init__(
            data, queryset=access.visible_actions(user).for_programme(programme).in_order()
        )
        self.user = user
        self.programme = programme
        self.today = today
        self.periods = {str(period.number): period for period in fetch_periods(programme)}
        self.departments: dict[str, Department] = {}
        for department in self._departments_to_choose():
            self.departments[str(department.pk)] = department
        self._set_choices()
        # Leaves refused parameters out of `cleaned_data`: the other conditions hold all the same.
        self.form.is_valid()

    def _departments_to_choose(self) -> list[Department]:
        """The active departments, and those that still have an action of this year."""
        departments = all_departments()
        if all(department.is_active for department in departments):
            return departments
        # Asked only here: most offices have no closed department, and the question is a costly one.
        of_this_year = Assignment.objects.for_programme(self.programme)
        ended = of_this_year.filter(department__is_active=False)
        still_named = set(ended.order_by().values_list("department", flat=True).distinct())
        to_choose = []
        for department in departments:
            if department.is_active or department.pk in still_named:
                to_choose.append(department)
        return to_choose

    def _set_choices(self) -> None:
        """What can be chosen depends on the year: strategies, departments and opened periods."""
        strategies = []
        for strategy in self.programme.strategies.order_by("number"):
            strategies.append((str(strategy.number), str(strategy)))
        departments = []
        for key, department in self.departments.items():
            departments.append((key, department.name))
        periods = []
        for period in self.opened_periods:
            periods.append((str(period.number), f"{period}未送出"))
        factors = self.programme.delay_factor_list
        fields = self.form.fields
        fields["strategy"].choices = strategies
        fields["department"].choices = departments
        fields["unreported"].choices = periods
        fields["delay_factor"].choices = [(factor, factor) for factor in factors]
        if not factors:
            # A year that asks for none has nothing to choose from.
            del fields["delay_factor"]

    # What the conditions are about.

    def chosen(self, name: str) -> Any:
        """A parameter's value: a text, a list of texts or True; None or empty if not in use."""
        return self.form.cleaned_data.get(name)

    @cached_property
    def basis(self) -> LightBasis:
        """What the lights of this list are held against; fetched only by a list that shows any."""
        periods = list(self.periods.values())
        return LightBasis.of(self.programme, self.today, periods=periods)

    @property
    def opened_periods(self) -> list[Period]:
        """Those that were opened at some time, in their order."""
        return [period for period in self.periods.values() if period.opened_at is not None]

    @property
    def chosen_department(self) -> Department | None:
        """The department asked for, None where the list is about all of them."""
        return self.departments.get(self.chosen("department"))

    def subjects(self) -> AssignmentQuerySet:
        """The assignments of one action (an `OuterRef`) that conditions on progress are about."""
        assignments = Assignment.objects.filter(action=OuterRef("pk"))
        department = self.chosen_department
        if department is None:
            return assignments.lead()
        return assignments.filter(department=department)

    # The conditions, as django-filter calls them.

    def of_department(self, queryset: ActionQuerySet, name: str, value: str) -> ActionQuerySet:
        return queryset.filter(Exists(self.subjects()))

    def with_light(self, queryset: ActionQuerySet, name: str, value: list[str]) -> ActionQuerySet:
        lit = with_worst_light(queryset, self.basis, self.chosen_department)
        severities = [SEVERITY[Light(light)] for light in value]
        # As a condition of its own, of which PostgreSQL takes half of the rows for likely. Of one
        # light it takes four items in 750, and joins their path row by row: 14 ms instead of 7.
        is_chosen = FirstThatHolds(
            [Alternative(Q(severity__in=severities), True)],
            default=False,
            output_field=BooleanField(),
        )
        return lit.filter(is_chosen)

    def with_work_status(self, queryset: ActionQuerySet, name: str, value: str) -> ActionQuerySet:
        return queryset.filter(Exists(self.subjects().filter(newest_status=value)))

    def with_delay_factor(self, queryset: ActionQuerySet, name: str, value: str) -> ActionQuerySet:
        """Those whose newest report names this cause; what was said of an older period is past."""
        newest = ProgressReport.objects.filter(
            assignment=OuterRef("pk"),
            period__ends_on=OuterRef("newest_until"),
            state__in=SUBMITTED,
            delay_factor=value,
        )
        return queryset.filter(Exists(self.subjects().filter(Exists(newest))))

    def due_in(self, queryset: ActionQuerySet, name: str, value: str) -> ActionQuerySet:
        # Past and soon depend on the day, so they are made when the list is asked for.
        ranges = deadline_ranges(self.today, self.programme.soon_days)
        return queryset.filter(Exists(self.subjects().filter(ranges[value])))

    def owing_for(self, queryset: ActionQuerySet, name: str, value: str) -> ActionQuerySet:
        period = self.periods[value]
        owing = Assignment.objects.owing(period).filter(action=OuterRef("pk"))
        # Every department that owes, not only the leads: supporters report too.
        if self.chosen_department:
            owing = owing.filter(department=self.chosen_department)
        return queryset.filter(Exists(owing))

    def holding(self, queryset: ActionQuerySet, name: str, value: str) -> ActionQuerySet:
        return actions_holding(queryset, self.user, value)

    def sorted_by(self, queryset: ActionQuerySet, name: str, value: str) -> ActionQuerySet:
        if value == self.SORT_BY_LIGHT:
            queryset = with_worst_light(queryset, self.basis, self.chosen_department)
            # SQLite and PostgreSQL put nulls at different ends; what nobody does is not urgent.
            first = F("severity").desc(nulls_last=True)
        else:
            earliest = self.subjects().order_by("deadline").values("deadline")[:1]
            queryset = queryset.annotate(earliest=Subquery(earliest))
            first = F("earliest").asc(nulls_last=True)
        return queryset.order_by(first, *queryset.OFFICIAL_ORDER)

    def keep(self, queryset: ActionQuerySet, name: str, value: bool) -> ActionQuerySet:
        """A choice of how to show the list, not of what is in it."""
        return queryset

    # What the page says about it.

    @property
    def fields_in_front(self) -> list[BoundField]:
        return [field for field in self.form if field.name in self.IN_FRONT]

    @property
    def fields_folded_away(self) -> list[BoundField]:
        return [field for field in self.form if field.name in self.FOLDED_AWAY]

    def problems(self) -> list[str]:
        """A sentence for each parameter that could not be understood and was left out."""
        sentences = []
        for name in self.form.errors:
            if name == "q":
                problem = "搜尋文字太長（最多 100 個字）或有不能搜尋的字元"
            else:
                problem = f"「{self.form.fields[name].label}」沒有這個選項"
            sentences.append(f"{problem}，已略過，其他條件照常。")
        return sentences

    @property
    def uses_seldom(self) -> bool:
        """Whether one of the fields that the page folds away is in use."""
        return any(self.chosen(name) for name in self.SELDOM)

    def query(self, **changes: Any) -> str:
        """The query string of this list without empty and refused parameters.

        A keyword argument replaces one parameter; None leaves it out.
        """
        query = QueryDict(mutable=True)
        for name in self.form.fields:
            value = changes.get(name, self.chosen(name))
            if not value:
                continue
            # As a ticked box sends it.
            if value is True:
                query[name] = "1"
            elif isinstance(value, list):
                query.setlist(name, value)
            else:
                query[name] = value
        return query.urlencode()

    def words_for(self, name: str, value: str) -> str:
        if name == "q":
            return f"「{value}」"
        choices = dict(self.form.fields[name].choices)
        words = str(choices.get(value, value))
        if name == "strategy":
            return f"策略 {words}"
        return words

    def chips(self) -> list[Chip]:
        """The active conditions, each with the way to take it off; each light is one of its own."""
        chips = []
        for name in self.CONDITIONS:
            value = self.chosen(name)
            if isinstance(value, list):
                for light in value:
                    other_lights = [other for other in value if other != light]
                    chips.append(self._chip(name, light, rest=other_lights))
            elif value:
                chips.append(self._chip(name, value, rest=None))
        return chips

    def _chip(self, name: str, value: str, rest: list[str] | None) -> Chip:
        """`rest` is what stays of the parameter when the chip is taken off."""
        return Chip(
            label=str(self.form.fields[name].label),
            words=self.words_for(name, value),
            without=self.query(**{name: rest}),
        )
