"""分工: which person of a department looks after which of its items."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from items import access
from items.access.prepared import PreparedForPerson
from items.models import Action, Assignment, Department, Membership, Programme, User
from items.models.earlier_deadlines import earlier_deadlines, note_earlier
from items.models.prepared import Slot

NOBODY_WORDS = "未指定（單位全體）"
"""The first choice of each list: the item is everybody's."""


@dataclass(frozen=True)
class ContactChoice:
    """One person who may be chosen; `value` is empty for nobody."""

    value: str
    words: str
    is_chosen: bool


@dataclass(frozen=True)
class ContactRow:
    """An assignment with the people to choose from."""

    assignment: Assignment
    choices: list[ContactChoice]
    """Empty where the reader may not choose."""

    @property
    def words(self) -> str:
        return self.assignment.contact_words

    @property
    def label(self) -> str:
        """What a screen reader calls the list in a table."""
        return f"{self.assignment.action.code} 承辦人"

    @property
    def shown(self) -> str:
        """Who is chosen now, for the hidden twin that tells whether somebody was faster."""
        return str(self.assignment.contact_id or "")


@dataclass(frozen=True)
class DepartmentTab:
    """A department whose work the reader may divide, with how much is left to name."""

    department: Department
    number_of_items: int
    number_without: int


@dataclass(frozen=True)
class Division:
    """The items of one department, in official order."""

    department: Department
    rows: list[ContactRow]
    shares: list[str]

    @property
    def has_people(self) -> bool:
        # 「未指定」 is always there, and no person.
        return bool(self.rows) and len(self.rows[0].choices) > 1

    @property
    def summary(self) -> str:
        """「9 項：王美玲 4 項、吳雅雯 3 項、未指定 2 項」"""
        return f"{len(self.rows):,} 項：{'、'.join(self.shares)}"


def department_tabs(user: User, programme: Programme) -> list[DepartmentTab]:
    """The departments of the year that the reader may divide, in their order; two queries."""
    assignments = access.assignments_to_divide(user).for_programme(programme)
    counts = (
        assignments.order_by()
        .values("department")
        .annotate(number=Count("pk"), without=Count("pk", filter=Q(contact=None)))
    )
    count_of = {row["department"]: row for row in counts}
    tabs = []
    for department in Department.objects.filter(pk__in=count_of):
        count = count_of[department.pk]
        tabs.append(DepartmentTab(department, count["number"], count["without"]))
    return tabs


def division_of(user: User, programme: Programme, department: Department) -> Division:
    """What one department does in a year, and who does it; three queries."""
    assignments = (
        access.assignments_to_divide(user)
        .for_programme(programme)
        .filter(department=department)
        .with_contact()
        .with_path()
        .in_order()
    )
    # Once for the department: every row has the same people to choose from.
    people = people_to_choose([department.pk])[department.pk]
    rows = []
    number_of: dict[str, int] = {}
    earlier = earlier_deadlines(programme)
    for assignment in assignments:
        note_earlier([assignment], earlier)
        rows.append(ContactRow(assignment, choices_for(assignment, people)))
        words = assignment.contact_words or "未指定"
        number_of[words] = number_of.get(words, 0) + 1
    shares = [f"{words} {number:,} 項" for words, number in number_of.items()]
    return Division(department, rows, shares)


_OF_ACTION = PreparedForPerson(
    lambda user: (
        access.readable_assignments(user).filter(action=Slot("action")).with_contact().order_by()
    )
)


def contact_rows(user: User, action: Action) -> dict[int, ContactRow]:
    """{key of an assignment of the action: its 承辦人, with choices where the reader may choose}"""
    # `readable` and not `visible`: nothing here shows a button, and rights cost sub-queries.
    assignments = _OF_ACTION(user, action=action.pk)
    departments: dict[int, int] = {}
    # Most readers divide no work, and need no list of people.
    if access.can_divide_work(user):
        may_choose = access.assignments_to_divide(user).filter(action=action)
        departments = dict(may_choose.values_list("pk", "department"))
    people: dict[int, list[User]] = {}
    if departments:
        people = people_to_choose(departments.values())
    rows = {}
    for assignment in assignments:
        choices = []
        if assignment.pk in departments:
            choices = choices_for(assignment, people[assignment.department_id])
        rows[assignment.pk] = ContactRow(assignment, choices)
    return rows


def people_to_choose(departments: Iterable[int]) -> dict[int, list[User]]:
    """{key of a department: the people who can write for it}, in one query."""
    people: dict[int, list[User]] = {}
    # Also of a department that nobody writes for: its rows have a list without people.
    for key in departments:
        people[key] = []
    memberships = Membership.objects.who_can_write().filter(department__in=people)
    in_order = memberships.select_related("user").order_by("role", "user__username")
    for membership in in_order:
        people[membership.department_id].append(membership.user)
    return people


def choices_for(assignment: Assignment, people: Sequence[User]) -> list[ContactChoice]:
    """Nobody, the people of the department, and the present 承辦人 who may have left it.

    The assignment comes from `with_contact`.
    """
    chosen = assignment.contact_id
    choices = [ContactChoice("", NOBODY_WORDS, chosen is None)]
    names = [person.full_name for person in people]
    for person in people:
        words = str(person)
        # Two people of one name are told apart by their accounts.
        if names.count(person.full_name) > 1:
            words = f"{person}（{person.username}）"
        choices.append(ContactChoice(str(person.pk), words, person.pk == chosen))
    if chosen is not None and not assignment.contact_can_write:
        choices.append(ContactChoice(str(chosen), assignment.contact_words, is_chosen=True))
    return choices
