"""單位: the list of departments with how many people and items each has."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Q

from items.models import (
    READ_ONLY,
    Assignment,
    ControlStatus,
    Department,
    Membership,
    MembershipRole,
    Programme,
    ProgrammeState,
)
from items.models.light_rules import PROGRAMME


@dataclass(frozen=True)
class DepartmentInList:
    """One department; the items are those of the year that is shown."""

    department: Department
    number_of_reporters: int
    number_of_heads: int
    number_of_items: int
    is_first: bool
    is_last: bool

    @property
    def note(self) -> str:
        """What the plan office should know; empty where all is as it should be."""
        if self.number_of_reporters:
            if self.number_of_heads:
                return ""
            return "沒有單位主管，辦理情形直接送研考。"
        if self.number_of_heads:
            return "沒有承辦人，由單位主管填報。"
        return "沒有任何人員，分辦給它的項目沒有人能填報。"


@dataclass(frozen=True)
class DepartmentLists:
    """The departments in use, and those that are not any more."""

    active: list[DepartmentInList]
    inactive: list[DepartmentInList]


def department_lists(programme: Programme) -> DepartmentLists:
    """In three queries, however many departments there are."""
    departments = list(Department.objects.order_by("position", "id"))
    people = _people_by_department()
    items = _items_by_department(programme)
    active_keys = [department.pk for department in departments if department.is_active]
    active: list[DepartmentInList] = []
    inactive: list[DepartmentInList] = []
    for department in departments:
        row = DepartmentInList(
            department=department,
            number_of_reporters=people[department.pk, MembershipRole.REPORTER],
            number_of_heads=people[department.pk, MembershipRole.HEAD],
            number_of_items=items[department.pk],
            # Slices, since there may be no active department at all.
            is_first=department.pk in active_keys[:1],
            is_last=department.pk in active_keys[-1:],
        )
        if department.is_active:
            active.append(row)
        else:
            inactive.append(row)
    return DepartmentLists(active, inactive)


def _people_by_department() -> Counter[tuple[int, str]]:
    """{(department, role): number of people who can write for it}."""
    memberships = Membership.objects.filter(user__is_active=True)
    # 首長 and 稽核 may be members of a department too, but they cannot write for it.
    writers = memberships.exclude(user__role__in=READ_ONLY).order_by()
    counted = writers.values_list("department", "role").annotate(Count("pk"))
    people: Counter[tuple[int, str]] = Counter()
    for department, role, number in counted:
        people[department, role] = number
    return people


def _items_by_department(programme: Programme) -> Counter[int]:
    """{department: number of its assignments of the year}."""
    assignments = Assignment.objects.for_programme(programme).order_by()
    counted = assignments.values_list("department").annotate(Count("pk"))
    items: Counter[int] = Counter()
    for department, number in counted:
        items[department] = number
    return items


@dataclass(frozen=True)
class RoleMembers:
    """The people of one role in a department, by name."""

    role: str
    names: list[str]


@dataclass(frozen=True)
class DepartmentYear:
    """How many items a department has in one year, of which so many are 列管中."""

    year: int
    number_of_items: int
    number_controlled: int


@dataclass(frozen=True)
class DepartmentFacts:
    """What the page of one department says beside its form."""

    people: list[RoleMembers]
    years: list[DepartmentYear]

    @property
    def open_work_words(self) -> str:
        """What stays with a department that is no longer used; empty where nothing does."""
        parts = []
        for year in self.years:
            if year.number_controlled:
                parts.append(f"{year.year} 年度 {year.number_controlled:,} 件")
        if not parts:
            return ""
        return f"它還有列管中的分辦：{'、'.join(parts)}。停用後這些仍要填報，請先改分給接手的單位。"


def department_facts(department: Department) -> DepartmentFacts:
    """In two queries."""
    memberships = department.memberships.filter(user__is_active=True).select_related("user")
    people = []
    for role in MembershipRole:
        names = [str(one.user) for one in memberships if one.role == role]
        people.append(RoleMembers(role.label, names))
    return DepartmentFacts(people, _years_of(department))


def _years_of(department: Department) -> list[DepartmentYear]:
    """The years that are not closed and in which the department has items, the newest first."""
    year = f"{PROGRAMME}__year"
    # What a closed year left behind is nobody's work any more.
    assignments = department.assignments.exclude(**{f"{PROGRAMME}__state": ProgrammeState.CLOSED})
    is_controlled = Q(action__control_status=ControlStatus.UNDER_CONTROL)
    by_year = assignments.order_by(f"-{year}").values_list(year)
    counted = by_year.annotate(
        all=Count("pk"),
        controlled=Count("pk", filter=is_controlled),
    )
    years = []
    for number_of_year, number_of_items, number_controlled in counted:
        row = DepartmentYear(
            year=number_of_year,
            number_of_items=number_of_items,
            number_controlled=number_controlled,
        )
        years.append(row)
    return years
