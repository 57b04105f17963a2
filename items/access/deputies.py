"""Who names a deputy for whom, who ends it, and who reads of it."""

from django.db.models import Q, QuerySet

from items.access.office import can_read_record, can_run_people
from items.models import Deputy, Membership, User
from items.models.deputies import DeputyQuerySet


def people_to_stand_in_for(user: User) -> QuerySet[User]:
    """Oneself; the plan office and the information office name deputies for everybody.

    Only people who write for some department: the roles of the whole office go with the account.
    """
    writers = Membership.objects.who_can_write().order_by().values("user")
    people = User.objects.filter(pk__in=writers).order_by("username")
    if can_run_people(user):
        return people
    return people.filter(pk=user.pk)


def can_name_deputies(user: User) -> bool:
    return can_run_people(user) or people_to_stand_in_for(user).exists()


def deputies_to_end(user: User) -> DeputyQuerySet:
    """End a 代理: the person who comes back; the plan office and 系統管理 may end any."""
    deputies = Deputy.objects.select_related("person", "deputy")
    if can_run_people(user):
        return deputies
    return deputies.filter(person=user)


def visible_deputies(user: User) -> DeputyQuerySet:
    """The two people see theirs; those who run people or read the history see all."""
    deputies = Deputy.objects.select_related("person", "deputy", "made_by", "ended_by")
    if can_read_record(user) or can_run_people(user):
        return deputies
    is_concerned = Q(person=user) | Q(deputy=user) | Q(made_by=user)
    return deputies.filter(is_concerned)
