"""Which items hold the words that somebody types: one rule for the plan table, on screen and as a file."""

from django.db.models import Exists, OuterRef, Q

from items import access, search
from items.models import EVERY_DEPARTMENT, Assignment, Department, Membership, User
from items.models.actions import ActionQuerySet

TITLES = (
    "folded",
    "plan__folded",
    "plan__method__folded",
    "plan__method__strategy__folded",
)
"""Where the words of an item and of its path stand folded: code, titles and 預期效益."""
SHORTEST_NAME = 2
"""Characters from which a word is looked for among people, too.

One character is a surname to half of the departments, and 「高」 is mostly meant in 「提高」.
"""


def actions_holding(actions: ActionQuerySet, user: User, typed: str) -> ActionQuerySet:
    """Each word stands in the path, the item, a department's or person's name, or a report.

    An item has the people of its departments, and the writers of its submitted reports.
    """
    for typed_word in search.words(typed):
        # One filter for each word: they may stand in different places, but all must be there.
        actions = actions.filter(_holds(typed_word, user))
    return actions


def _holds(typed_word: str, user: User) -> Q:
    word = search.searchable(typed_word)
    condition = Q()
    for title in TITLES:
        condition |= Q(**{f"{title}__contains": word})
    # 各單位 is no department's name, but it is what the page shows.
    if word in search.searchable(EVERY_DEPARTMENT):
        condition |= Q(every_department=True)
    may_be_a_name = len(typed_word) >= SHORTEST_NAME
    departments = _departments(word, with_people=may_be_a_name)
    if departments:
        assignments = Assignment.objects.filter(action=OuterRef("pk"), department__in=departments)
        condition |= Q(Exists(assignments))
    # The reports last: they are many, and neither engine asks them of an item that has the word.
    in_report = Q(folded__contains=word)
    writers = User.objects.filter(folded__contains=word)
    if may_be_a_name and writers.exists():
        in_report |= Q(written_by__in=writers) | Q(written_for__in=writers)
    submitted = access.readable_reports(user).submitted()
    reports = submitted.filter(assignment__action=OuterRef("pk"))
    return condition | Q(Exists(reports.filter(in_report)))


def _departments(word: str, *, with_people: bool) -> list[int]:
    """The keys of the departments whose name, or one of whose people's names, holds the word."""
    condition = Q(folded__contains=word)
    if with_people:
        members = Membership.objects.filter(user__is_active=True, user__folded__contains=word)
        condition |= Q(pk__in=members.values("department"))
    departments = Department.objects.filter(condition).order_by()
    return list(departments.values_list("pk", flat=True))
