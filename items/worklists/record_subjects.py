"""Which entries of 異動紀錄 are about a department or a person, also where the row is gone."""

from django.db.models import Model, Q

from items.models import (
    Action,
    Assignment,
    Change,
    ControlFile,
    ControlRequest,
    Department,
    Deputy,
    Membership,
    MembershipRole,
    PlannedProgress,
    User,
)
from items.models.history_words import DEPARTMENT_PREFIX


def name_of(model: type[Model]) -> str:
    """What `Change.model` says of rows of this model."""
    return str(model._meta.model_name)


def of_department(department: Department) -> Q:
    """What became of a department's assignments, and of the items that it has or had.

    What became of another department's assignment of the same item is left out.
    """
    name = department.name
    # When the row is gone, only the label is left: 「115-04 行政處」, 「115-04 行政處 115年第4季 60%」.
    names_it_last = Q(label__endswith=f" {name}")
    names_it_within = Q(label__contains=f" {name} ")
    assignments = Assignment.objects.filter(department=department).order_by()
    is_of_assignment = Q(object_id__in=assignments.values("pk")) | names_it_last
    of_assignments = Q(model=name_of(Assignment)) & is_of_assignment
    planned = PlannedProgress.objects.filter(assignment__department=department).order_by()
    is_of_planned = Q(object_id__in=planned.values("pk")) | names_it_within
    of_planned = Q(model=name_of(PlannedProgress)) & is_of_planned
    taken_away = Change.objects.filter(
        model=name_of(Assignment), label__endswith=f" {name}", action__isnull=False
    ).order_by()
    has_item = Q(action__in=assignments.values("action"))
    had_item = Q(action__in=taken_away.values("action"))
    # An import tells of the departments in the entry of the item.
    is_told_by_import = Q(fields__has_key=f"{DEPARTMENT_PREFIX}{name}")
    of_items = Q(model=name_of(Action)) & (has_item | had_item | is_told_by_import)
    # 「115-04 行政處 展延申請」, and behind it the name of a file.
    request_models = [name_of(ControlRequest), name_of(ControlFile)]
    of_requests = Q(model__in=request_models) & names_it_within
    return of_assignments | of_planned | of_items | of_requests


def about_person(person: User) -> Q:
    """What was done to an account: itself, where the person belongs or belonged, and 代理."""
    account = Q(model=name_of(User), object_id=person.pk)
    memberships = person.memberships.order_by().values("pk")
    # When a membership has ended, its label is left: 「王美玲・行政處承辦人」.
    is_of_person = Q(object_id__in=memberships) | Q(label__startswith=f"{person}・")
    of_memberships = Q(model=name_of(Membership)) & is_of_person
    # Both: who was away, and who stood in.
    deputies = Deputy.objects.filter(Q(person=person) | Q(deputy=person)).order_by()
    of_deputies = Q(model=name_of(Deputy), object_id__in=deputies.values("pk"))
    return account | of_memberships | of_deputies


def about_department(department: Department) -> Q:
    """What was done to a department: itself, and who belongs or belonged there."""
    department_itself = Q(model=name_of(Department), object_id=department.pk)
    members = department.memberships.order_by()
    is_of_department = Q(object_id__in=members.values("pk"))
    # With its role: 「・行政處」 alone would fit a department whose name begins in the same way.
    for role in MembershipRole.labels:
        is_of_department |= Q(label__endswith=f"・{department.name}{role}")
    of_memberships = Q(model=name_of(Membership)) & is_of_department
    return department_itself | of_memberships
