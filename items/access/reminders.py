"""Who reads 稽催單, and who sees what was sent to whom."""

from django.db.models import Q, QuerySet

from items.access.belonging import departments_of
from items.access.fetching import get_or_404
from items.access.office import can_read_record
from items.models import Programme, RemindedItem, ReminderLetter, ReminderMail, User
from items.models.letters import ReminderLetterQuerySet
from items.models.sent_reminders import ReminderMailQuerySet


def visible_letters(user: User) -> ReminderLetterQuerySet:
    """The letters of the own departments; people who read the history read all."""
    letters = ReminderLetter.objects.select_related("issued_by", "voided_by")
    if not user.is_active:
        return letters.none()
    if can_read_record(user):
        return letters
    return letters.filter(Q(department__in=departments_of(user)))


def visible_mails(user: User) -> ReminderMailQuerySet:
    """What was sent to whom, with the addresses: for people who read the history."""
    if not can_read_record(user):
        return ReminderMail.objects.none()
    return ReminderMail.objects.select_related("person")


def readable_reminders(user: User) -> QuerySet[RemindedItem]:
    """That somebody was reminded of something, without the address: for their department as well."""
    reminded = RemindedItem.objects.all()
    if not user.is_active:
        return reminded.none()
    if can_read_record(user):
        return reminded
    departments = departments_of(user)
    of_report = Q(assignment__department__in=departments)
    of_instruction = Q(answer__department__in=departments)
    return reminded.filter(of_report | of_instruction)


def get_letter(user: User, programme: Programme, pk: int) -> ReminderLetter:
    letter = get_or_404(visible_letters(user), programme=programme, pk=pk)
    letter.programme = programme
    return letter
