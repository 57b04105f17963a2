"""管制異動: who applies for an item, who sees an application, and who decides it."""

from django.db.models import Case, F, Q, QuerySet, TextField, Value, When

from items.access.belonging import departments_of, endorses
from items.access.fetching import NotAllowed, get_or_404, with_rights
from items.access.reporting import NOBODY, can_report, visible_assignments
from items.models import (
    Assignment,
    ControlFile,
    ControlRequest,
    ControlStatus,
    ControlStep,
    ProgrammeState,
    RequestState,
    RequestStepKind,
    User,
)
from items.models.control import ON_ITS_WAY, REQUEST_EDITABLE, ControlRequestQuerySet
from items.models.light_rules import PROGRAMME


def can_apply(user: User) -> Q:
    """Apply for an assignment: the people who report on it, while the year is running."""
    return can_report(user) & Q(**{f"{PROGRAMME}__state": ProgrammeState.RUNNING})


def can_see_request(user: User) -> Q:
    """Everyone reads what was sent; a draft is for the department that writes it."""
    is_sent = ~Q(state=RequestState.DRAFT)
    return is_sent | Q(assignment__department__in=departments_of(user))


def can_write_request(user: User) -> Q:
    """The department, as long as nobody else has to decide, and the item is under control."""
    is_possible = Q(
        assignment__action__control_status=ControlStatus.UNDER_CONTROL,
        **{f"assignment__{PROGRAMME}__state": ProgrammeState.RUNNING},
    )
    is_own = Q(assignment__department__in=departments_of(user))
    return is_own & is_possible & Q(state__in=REQUEST_EDITABLE)


def can_withdraw_request(user: User) -> Q:
    """The department, until somebody has decided."""
    is_own = Q(assignment__department__in=departments_of(user))
    return is_own & Q(state__in=[*ON_ITS_WAY, RequestState.RETURNED])


def can_discard_request(user: User) -> Q:
    """The department, what was never sent."""
    # What was sent once stays with its steps: it can be withdrawn, and never deleted.
    is_own = Q(assignment__department__in=departments_of(user))
    return is_own & Q(state=RequestState.DRAFT)


def can_endorse_request(user: User) -> Q:
    """Endorse an application: as with reports, heads of the department, but not of their own words."""
    return Q(state=RequestState.WITH_HEAD) & endorses(user)


def can_decide_request(user: User) -> Q:
    """The plan office, once the application is with it."""
    if not user.is_coordinator:
        return NOBODY
    return Q(state=RequestState.WITH_COORDINATOR)


def can_return_request(user: User) -> Q:
    """Return an application: the people who could endorse or decide it."""
    return can_endorse_request(user) | can_decide_request(user)


def can_attach_to_request(user: User) -> Q:
    """The department while it writes, then it and the plan office: the form comes back signed."""
    is_own = Q(assignment__department__in=departments_of(user))
    signed = ~Q(state__in=[*REQUEST_EDITABLE, RequestState.WITHDRAWN])
    may_sign = is_own
    if user.is_coordinator:
        # Of every department: the signed form comes back to the plan office.
        may_sign = signed
    return can_write_request(user) | (signed & may_sign)


# Fetching: a fetch carries its right.


def readable_requests(user: User) -> ControlRequestQuerySet:
    """Applications that the person may read."""
    requests = ControlRequest.objects.filter(can_see_request(user))
    if not user.is_active:
        requests = requests.none()
    return requests


def visible_requests(user: User) -> ControlRequestQuerySet:
    """The same with the rights to each."""
    return with_rights(
        readable_requests(user),
        writable=can_write_request(user),
        withdrawable=can_withdraw_request(user),
        discardable=can_discard_request(user),
        endorsable=can_endorse_request(user),
        decidable=can_decide_request(user),
        returnable=can_return_request(user),
        attachable=can_attach_to_request(user),
    )


def get_request(user: User, pk: int) -> ControlRequest:
    return get_or_404(visible_requests(user).with_path(), pk=pk)


def get_control_file(user: User, pk: int) -> ControlFile:
    """A file of an application that the person may read.

    What a department has taken away again stays readable to nobody but by its entry.
    """
    readable = readable_requests(user).order_by()
    files = ControlFile.objects.attached().filter(request__in=readable)
    # What was attached to a returned application is not sent yet.
    return get_or_404(files.filter(_is_own_or_sent(user)), pk=pk)


def files_to_read(user: User, request: ControlRequest) -> QuerySet[ControlFile]:
    """The files of an application that the person may read; the caller has looked at that."""
    files = ControlFile.objects.attached().filter(request=request)
    return files.filter(_is_own_or_sent(user)).select_related("added_by")


def _is_own_or_sent(user: User) -> Q:
    is_own = Q(request__assignment__department__in=departments_of(user))
    return is_own | Q(sent_at__isnull=False)


def get_applicable(user: User, pk: int) -> Assignment:
    """404 for an assignment that the user may not see, 403 for one that they may not apply for."""
    applicable = Assignment.objects.filter(can_apply(user)).with_path()
    assignment = applicable.filter(pk=pk).first()
    if assignment is not None:
        return assignment
    # Why not, in a sentence: each reason has another remedy.
    assignment = get_or_404(visible_assignments(user).with_path(), pk=pk)
    department = assignment.department
    code = assignment.action.code
    if not departments_of(user).filter(department=department).exists():
        raise NotAllowed(f"{code} 的管制異動由{department}申請，您不屬於這個單位。")
    if not assignment.action.is_controlled:
        status = assignment.action.get_control_status_display()
        raise NotAllowed(f"{code} 已經是「{status}」，不必再申請。")
    raise NotAllowed(f"{code} 的年度不在執行中，不能申請管制異動；請洽研考。")


def request_steps_with_words(user: User) -> QuerySet[ControlStep]:
    """Every step, with the words of it that this person may read as `readable_words`.

    Its department, the plan office and auditors read why an application was returned, as they do
    with reports. The caller limits the steps to applications that the person may see.
    """
    steps = ControlStep.objects.all()
    if user.is_coordinator or user.is_auditor:
        # As a mapping: django-stubs takes the keyword for a second definition of the attribute.
        return steps.annotate(**{"readable_words": F("words")})
    is_own = Q(request__assignment__department__in=departments_of(user))
    is_readable = ~Q(kind=RequestStepKind.RETURN) | is_own
    words = Case(When(is_readable, then=F("words")), default=Value(""), output_field=TextField())
    return steps.annotate(**{"readable_words": words})
