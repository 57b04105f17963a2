"""The flat tables of the back office as import-export resources: which columns, found by which name, checked by what.

A row is found by its own name, never by an `id` in the file; rows are compared in memory and written together, so
the number of queries does not depend on the number of rows.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from import_export.fields import Field
from import_export.resources import ModelResource

from items.admin.widgets import (
    Choice,
    Deadline,
    DeadlineField,
    Memberships,
    MembershipsField,
    Named,
    Number,
    Text,
    YesNo,
    said,
)
from items.admin.words import readable, roc_time
from items.exchange.departments import folded
from items.models import (
    EVERY_DEPARTMENT,
    Action,
    Assignment,
    Change,
    Department,
    Door,
    Membership,
    ProgressReport,
    ReportState,
    Role,
    User,
    WorkStatus,
)
from items.workflow import history
from items.workflow.plan import hand_out_to_new_department

BATCH = 500


def heading(model, field):
    """The column's heading: the field's Chinese name, whatever language the session has."""
    return str(model._meta.get_field(field).verbose_name)


@dataclass(frozen=True)
class Line:
    """One row of the preview: `changes` is [(heading, old, new)]."""

    number: int
    kind: str
    label: str
    changes: tuple


class Table(ModelResource):
    """What the tables share. `by`, `at`, `today` and `programme` are those of the request."""

    with_programme = False
    checked_elsewhere = ()
    """Fields whose look-up has already said whether they are right: model validation would ask the database per row."""

    class Meta:
        use_transactions = True
        use_bulk = True  # no savepoint per row; what is written is written by `write`
        skip_diff = True
        chunk_size = 2000

    def __init__(self, *, by=None, at=None, programme=None):
        super().__init__()
        self.by, self.at, self.programme = by, at, programme
        self.existing, self.seen, self.lines, self.pending = {}, {}, [], []

    # What is in the file, and what the database has.

    def headings(self):
        return [field.column_name for field in self.get_import_fields()]

    def required(self):
        return [self.fields[name].column_name for name in self._meta.import_id_fields]

    def get_import_fields(self):
        return [field for field in super().get_import_fields() if not field.readonly]

    def key_of_row(self, row):
        """What identifies the row; texts, since an unknown name has to be said by its column."""
        raise NotImplementedError

    def load(self):
        """{key: object} of what the database has; prepares the look-ups too."""
        raise NotImplementedError

    def before_import(self, dataset, **kwargs):
        self.numbers = dataset.numbers
        self.existing = self.load()

    def before_import_row(self, row, **kwargs):
        key, number = self.key_of_row(row), self.number(kwargs["row_number"])
        if key in self.seen:
            raise ValidationError(f"與第 {self.seen[key]} 列重複。")
        self.seen[key] = number

    def number(self, row_number):
        """The row as the person sees it in the file."""
        return self.numbers[row_number - 1]

    def get_instance(self, instance_loader, row):
        return self.existing.get(self.key_of_row(row))

    def after_init_instance(self, instance, new, row, **kwargs):
        self.before = None if new else self.shown(instance)

    # What changes.

    def shown(self, instance):
        """{name: value} as the history keeps it, before and after."""
        return history.values_of(instance)

    def wanted(self, instance):
        return self.shown(instance)

    def skip_row(self, instance, original, row, import_validation_errors=None):
        if import_validation_errors:
            return False
        return self.before is not None and self.before == self.wanted(instance)

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True):
        """Uniqueness is settled by the key; the check constraints that fields do not say already by `problems`."""
        errors = dict(import_validation_errors or {})
        try:
            instance.full_clean(
                exclude={*errors, *self.checked_elsewhere}, validate_unique=False, validate_constraints=False
            )
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if not errors:
            errors = self.problems(instance)
        if errors:
            raise ValidationError(errors)

    def problems(self, instance):
        """{field: sentence} of what is wrong with a row whose fields are right one by one."""
        return {}

    def save_instance(self, instance, is_create, row, **kwargs):
        self.pending.append((instance, is_create, history.differences(self.before, self.wanted(instance))))

    def after_import_row(self, row, row_result, **kwargs):
        changes = ()
        if not row_result.is_skip():
            *_, fields = self.pending[-1]
            changes = tuple((name, readable(old), readable(new)) for name, (old, new) in fields.items())
        number = self.number(kwargs["row_number"])
        self.lines.append(Line(number, row_result.import_type, row_result.object_repr, changes))

    # Writing.

    def after_import(self, dataset, result, **kwargs):
        """All rows at once, with their history, and only where every row is right."""
        if not kwargs["dry_run"] and not result.has_errors() and not result.has_validation_errors():
            self.write()

    def write(self):
        model = self._meta.model
        created = [instance for instance, is_create, _ in self.pending if is_create]
        changed = [instance for instance, is_create, _ in self.pending if not is_create]
        model.objects.bulk_create(created, batch_size=BATCH)
        if changed:
            model.objects.bulk_update(changed, self.written_fields, batch_size=BATCH)
        entries = []
        for instance, is_create, fields in self.pending:
            kind = Change.Kind.CREATED if is_create else Change.Kind.CHANGED
            entries.append(self.entry(instance, kind, fields))
        Change.objects.bulk_create(entries, batch_size=BATCH)

    def entry(self, instance, kind, fields):
        return history.entry(
            instance, kind, fields, by=self.by, at=self.at, door=Door.IMPORT, owner=self.owner(instance)
        )

    def owner(self, instance):
        return {}

    def counts(self):
        """Counter of new, update and skip."""
        return Counter(line.kind for line in self.lines)

    def label_of(self, attribute):
        """The heading of an error's field."""
        headings = {field.attribute: field.column_name for field in self.fields.values()}
        return headings.get(attribute) or heading(self._meta.model, attribute)


class DepartmentTable(Table):
    name = Field("name", heading(Department, "name"), Text())
    position = Field("position", heading(Department, "position"), Number())
    is_active = Field("is_active", heading(Department, "is_active"), YesNo())

    written_fields = ["position", "is_active"]

    class Meta(Table.Meta):
        model = Department
        name = "單位"
        fields = ["name", "position", "is_active"]
        import_id_fields = ["name"]

    def key_of_row(self, row):
        return folded(row[self.fields["name"].column_name])

    def load(self):
        departments = list(Department.objects.select_for_update())
        self.was_active = {department.pk for department in departments if department.is_active}
        return {folded(department.name): department for department in departments}

    def import_instance(self, instance, row, **kwargs):
        """A department that is there keeps its own spelling: 台 in the file does not rename 臺."""
        own_name = instance.name if instance.pk else None
        super().import_instance(instance, row, **kwargs)
        instance.name = own_name or instance.name

    def problems(self, instance):
        if folded(instance.name) == folded(EVERY_DEPARTMENT):
            return {"name": f"「{EVERY_DEPARTMENT}」是全部單位的意思，不能當作單位名稱。"}
        return {}

    def write(self):
        super().write()
        for department, *_ in self.pending:
            if department.is_active and department.pk not in self.was_active:
                hand_out_to_new_department(department, by=self.by, at=self.at, today=self.at.date(), door=Door.IMPORT)


class UserTable(Table):
    username = Field("username", heading(User, "username"), Text())
    full_name = Field("full_name", heading(User, "full_name"), Text())
    email = Field("email", heading(User, "email"), Text())
    role = Field("role", heading(User, "role"), Choice(Role, blank=Role.STAFF))
    is_active = Field("is_active", heading(User, "is_active"), YesNo())
    memberships = MembershipsField("memberships", str(Membership._meta.verbose_name), Memberships())

    written_fields = ["full_name", "email", "role", "is_active"]

    class Meta(Table.Meta):
        model = User
        name = "帳號"
        fields = ["username", "full_name", "email", "role", "is_active", "memberships"]
        import_id_fields = ["username"]

    def key_of_row(self, row):
        return User.normalize_username(row[self.fields["username"].column_name])

    def load(self):
        self.fields["memberships"].widget.remember(Department.objects.all())
        self.had = defaultdict(list)
        for membership in Membership.objects.select_related("department", "user").select_for_update(of=["self"]):
            self.had[membership.user_id].append(membership)
        return {user.username: user for user in User.objects.select_for_update()}

    def init_instance(self, row=None):
        """An import never sets a password: the account waits until 系統管理 gives it one."""
        user = User(must_change_password=True)
        user.set_unusable_password()
        return user

    def shown(self, instance):
        shown = super().shown(instance)
        shown[self.fields["memberships"].column_name] = said(self.had[instance.pk]) if instance.pk else ""
        return shown

    def wanted(self, instance):
        wanted = self.shown(instance)
        if hasattr(instance, "wanted_memberships"):
            theirs = [Membership(user=instance, department=d, role=r) for d, r in instance.wanted_memberships.items()]
            theirs.sort(key=lambda one: (one.department.position, one.department_id))
            wanted[self.fields["memberships"].column_name] = said(theirs)
        return wanted

    def problems(self, instance):
        if instance == self.by and not (instance.is_active and instance.role == Role.ADMIN):
            return {"username": "不能停用自己，也不能拿掉自己的系統管理角色。"}
        return {}

    def write(self):
        super().write()
        created, changed, removed, entries = [], [], [], []
        for user, *_ in self.pending:
            if not hasattr(user, "wanted_memberships"):
                continue
            had = {membership.department: membership for membership in self.had[user.pk]}
            for department, role in user.wanted_memberships.items():
                membership = had.pop(department, None)
                if membership is None:
                    created.append(Membership(user=user, department=department, role=role))
                elif membership.role != role:
                    before = history.values_of(membership)
                    membership.role = role
                    changed.append(membership)
                    fields = history.differences(before, history.values_of(membership))
                    entries.append(self.entry(membership, Change.Kind.CHANGED, fields))
            for membership in had.values():
                removed.append(membership.pk)
                fields = history.differences(history.values_of(membership), None)
                entries.append(self.entry(membership, Change.Kind.DELETED, fields))
        Membership.objects.filter(pk__in=removed).delete()
        if changed:
            Membership.objects.bulk_update(changed, ["role"], batch_size=BATCH)
        for membership in Membership.objects.bulk_create(created, batch_size=BATCH):
            fields = history.differences(None, history.values_of(membership))
            entries.append(self.entry(membership, Change.Kind.CREATED, fields))
        Change.objects.bulk_create(entries, batch_size=BATCH)

    def entry(self, instance, kind, fields):
        """Who belongs where has entries of its own."""
        fields = {name: values for name, values in fields.items() if name != self.fields["memberships"].column_name}
        return super().entry(instance, kind, fields)


class AssignmentTable(Table):
    """分辦 of one programme; the title is there to be read and is never taken from a file."""

    code = Field("action", heading(Action, "code"), Named("項次編號", "code"))
    title = Field("action__title", heading(Action, "title"), Text(), readonly=True)
    department = Field("department", heading(Assignment, "department"), Named("主辦單位", "name", folded))
    kind = Field("kind", heading(Assignment, "kind"), Choice(Assignment.Kind))
    deadline = DeadlineField("deadline", heading(Assignment, "deadline"), Deadline())

    with_programme = True
    checked_elsewhere = ("action", "department")
    written_fields = ["kind", "deadline", "deadline_text"]

    class Meta(Table.Meta):
        model = Assignment
        name = "分辦"
        fields = ["code", "title", "department", "kind", "deadline"]
        import_id_fields = ["code", "department"]

    def key_of_row(self, row):
        return row[self.fields["code"].column_name], folded(row[self.fields["department"].column_name])

    def load(self):
        self.fields["deadline"].widget.programme_year = self.programme.year
        self.fields["department"].widget.remember(Department.objects.all())
        self.fields["code"].widget.remember(Action.objects.for_programme(self.programme).with_path())
        found = Assignment.objects.for_programme(self.programme).with_path().select_for_update(of=["self"])
        existing = {(one.action.code, folded(one.department.name)): one for one in found}
        self.last_position = defaultdict(int)
        for one in existing.values():
            self.last_position[one.action_id] = max(self.last_position[one.action_id], one.position)
        return existing

    def before_import_row(self, row, **kwargs):
        super().before_import_row(row, **kwargs)
        code = row[self.fields["code"].column_name]
        if code and not code.startswith(f"{self.programme.year}-"):
            raise ValidationError(
                {
                    "action": f"「{code}」不是{self.programme.year}年度的項次編號；這次匯入只更動{self.programme.year}年度。"
                }
            )

    def save_instance(self, instance, is_create, row, **kwargs):
        if is_create:
            self.last_position[instance.action_id] += 1
            instance.position = self.last_position[instance.action_id]
        super().save_instance(instance, is_create, row, **kwargs)

    def owner(self, instance):
        return {"programme": self.programme, "action": instance.action}


class ReportTable(Table):
    """辦理情形, to be taken out only; the rows are those that the reader may see."""

    year = Field("period__programme__year", "年度", Number())
    period = Field("period__name", heading(ProgressReport, "period"), Text())
    code = Field("assignment__action__code", heading(Action, "code"), Text())
    title = Field("assignment__action__title", heading(Action, "title"), Text())
    department = Field("assignment__department__name", heading(Assignment, "department"), Text())
    deadline = Field("assignment__deadline_text", heading(Assignment, "deadline"), Text())
    text = Field("text", heading(ProgressReport, "text"), Text())
    percent = Field("percent", heading(ProgressReport, "percent"), Number())
    work_status = Field("work_status", heading(ProgressReport, "work_status"), Choice(WorkStatus))
    delay_reason = Field("delay_reason", heading(ProgressReport, "delay_reason"), Text())
    remedy = Field("remedy", heading(ProgressReport, "remedy"), Text())
    state = Field("state", heading(ProgressReport, "state"), Choice(ReportState))
    written_by = Field("written_by", heading(ProgressReport, "written_by"), Text())
    updated_at = Field("updated_at", heading(ProgressReport, "updated_at"), Text())

    class Meta(Table.Meta):
        model = ProgressReport
        name = "辦理情形"
        fields = [
            "year", "period", "code", "title", "department", "deadline", "text", "percent", "work_status",
            "delay_reason", "remedy", "state", "written_by", "updated_at",
        ]  # fmt: skip

    def dehydrate_updated_at(self, report):
        return roc_time(report.updated_at)
