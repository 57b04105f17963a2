"""單位 and 帳號 with their 所屬單位."""

from collections import defaultdict

from import_export.fields import Field

from items.admin.resources.base import BATCH, OfficeResource, heading
from items.admin.widgets import (
    Choice,
    Memberships,
    MembershipsField,
    Number,
    Text,
    YesNo,
    memberships_in_words,
)
from items.exchange.departments import folded
from items.models import (
    EVERY_DEPARTMENT,
    Change,
    ChangeKind,
    Department,
    Door,
    Membership,
    Role,
    User,
)
from items.workflow import history
from items.workflow.handing_out import hand_out_to_new_department


class DepartmentResource(OfficeResource):
    name = Field("name", heading(Department, "name"), Text())
    position = Field("position", heading(Department, "position"), Number())
    is_active = Field("is_active", heading(Department, "is_active"), YesNo())

    written_fields = ["position", "is_active"]

    class Meta(OfficeResource.Meta):
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
                hand_out_to_new_department(
                    department, by=self.by, at=self.at, today=self.at.date(), door=Door.IMPORT
                )


class UserResource(OfficeResource):
    username = Field("username", heading(User, "username"), Text())
    full_name = Field("full_name", heading(User, "full_name"), Text())
    email = Field("email", heading(User, "email"), Text())
    role = Field("role", heading(User, "role"), Choice(Role, blank=Role.STAFF))
    is_active = Field("is_active", heading(User, "is_active"), YesNo())
    memberships = MembershipsField("memberships", str(Membership._meta.verbose_name), Memberships())

    still_to_do = "新帳號還沒有密碼：請到各帳號頁按「設定密碼」，本人才能登入。"
    written_fields = ["full_name", "email", "role", "is_active"]

    class Meta(OfficeResource.Meta):
        model = User
        name = "帳號"
        fields = ["username", "full_name", "email", "role", "is_active", "memberships"]
        import_id_fields = ["username"]

    def key_of_row(self, row):
        return User.normalize_username(row[self.fields["username"].column_name])

    def load(self):
        self.fields["memberships"].widget.remember(Department.objects.all())
        self.had = defaultdict(list)
        for membership in Membership.objects.select_related("department", "user").select_for_update(
            of=["self"]
        ):
            self.had[membership.user_id].append(membership)
        return {user.username: user for user in User.objects.select_for_update()}

    def init_instance(self, row=None):
        """An import never sets a password: the account waits until 系統管理 gives it one."""
        user = User(must_change_password=True)
        user.set_unusable_password()
        return user

    def shown(self, instance):
        shown = super().shown(instance)
        shown[self.fields["memberships"].column_name] = (
            memberships_in_words(self.had[instance.pk]) if instance.pk else ""
        )
        return shown

    def wanted(self, instance):
        wanted = self.shown(instance)
        if hasattr(instance, "wanted_memberships"):
            theirs = [
                Membership(user=instance, department=d, role=r)
                for d, r in instance.wanted_memberships.items()
            ]
            theirs.sort(key=lambda one: (one.department.position, one.department_id))
            wanted[self.fields["memberships"].column_name] = memberships_in_words(theirs)
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
                    entries.append(self.entry(membership, ChangeKind.CHANGED, fields))
            for membership in had.values():
                removed.append(membership.pk)
                fields = history.differences(history.values_of(membership), None)
                entries.append(self.entry(membership, ChangeKind.DELETED, fields))
        Membership.objects.filter(pk__in=removed).delete()
        if changed:
            Membership.objects.bulk_update(changed, ["role"], batch_size=BATCH)
        for membership in Membership.objects.bulk_create(created, batch_size=BATCH):
            fields = history.differences(None, history.values_of(membership))
            entries.append(self.entry(membership, ChangeKind.CREATED, fields))
        Change.objects.bulk_create(entries, batch_size=BATCH)

    def entry(self, instance, kind, fields):
        """Who belongs where has entries of its own."""
        fields = {
            name: values
            for name, values in fields.items()
            if name != self.fields["memberships"].column_name
        }
        return super().entry(instance, kind, fields)
