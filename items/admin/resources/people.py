"""單位 and 帳號 with their 所屬單位."""

from collections import defaultdict
from typing import Any

from import_export.fields import Field

from items.admin.membership_cells import MembershipsField, MembershipsWidget
from items.admin.resources.base import BATCH, OfficeResource
from items.admin.resources.memberships import (
    ChangedMembership,
    MembershipChanges,
    compare,
)
from items.admin.widgets import (
    LARGEST,
    ChoiceWidget,
    NumberWidget,
    SheetRow,
    TextWidget,
    YesNoWidget,
    is_blank,
)
from items.exchange.departments import Departments, folded
from items.models import (
    Change,
    ChangeKind,
    Department,
    Membership,
    MembershipRole,
    Role,
    User,
)
from items.models.account_names import by_spelling, full_name_problem, username_problem
from items.models.department_names import name_problem
from items.models.folded import FOLDED
from items.models.labels import field_label
from items.models.memberships import memberships_in_words
from items.workflow import history
from items.workflow.handing_out import hand_out_to_new_department
from items.workflow.history import FieldValues, Values

MEMBERSHIPS = "memberships"
"""The column of an account that is no field of it."""


class DepartmentResource(OfficeResource):
    """單位, found by their names."""

    name = Field("name", field_label(Department, "name"), TextWidget())
    position = Field("position", field_label(Department, "position"), NumberWidget())
    is_active = Field("is_active", field_label(Department, "is_active"), YesNoWidget())

    examples = (("行政處", "1", "是"), ("港務處", "2", "是"))
    writing_hints = ("排序留白的新單位排在最後，依檔案裡的順序。",)
    written_fields = ("position", "is_active")

    class Meta(OfficeResource.Meta):
        model = Department
        name = "單位"
        fields = ["name", "position", "is_active"]
        import_id_fields = ["name"]

    def key_of_row(self, row: SheetRow) -> str:
        name = row[self.heading_of("name")]
        department = self.known.find(name)
        if department is None:
            return folded(name)
        return department.name

    def load(self) -> dict[str, Department]:
        departments = {}
        # Kept beside the objects, which the file is about to change.
        self.active_before: set[int] = set()
        for department in Department.objects.select_for_update():
            departments[department.name] = department
            if department.is_active:
                self.active_before.add(department.pk)
        self.known = Departments(departments.values())
        self.last_position = Department.objects.next_position() - 1
        return departments

    def before_import_row(self, row: SheetRow, **kwargs: Any) -> None:
        """A new department that says nothing of its place comes last, in the order of the file."""
        super().before_import_row(row, **kwargs)
        heading = self.heading_of("position")
        is_new = self.key_of_row(row) not in self.existing
        if is_new and is_blank(row.get(heading)):
            self.last_position = min(self.last_position + 1, LARGEST)
            row[heading] = str(self.last_position)

    def import_instance(self, instance: Department, row: SheetRow, **kwargs: Any) -> None:
        """A department that exists keeps its spelling: 台 in the file does not rename 臺."""
        is_new = instance.pk is None
        name_before = instance.name
        super().import_instance(instance, row, **kwargs)
        if not is_new:
            instance.name = name_before

    def problems(self, instance: Department) -> dict[str, Any]:
        # A department that is there keeps its name, whatever it is; of two new ones that are alike
        # the second is a row that stands twice.
        if instance._state.adding:
            problem = name_problem(instance.name, self.known.by_name)
            if problem is not None:
                return {"name": problem}
        return {}

    def write(self) -> None:
        super().write()
        for pending in self.pending:
            department = pending.instance
            starts_work = department.is_active and department.pk not in self.active_before
            if starts_work:
                stamp = self.stamp()
                hand_out_to_new_department(department, today=stamp["at"].date(), **stamp)


class UserResource(OfficeResource):
    """帳號, found by their names, with their 所屬單位 in one cell."""

    username = Field("username", field_label(User, "username"), TextWidget())
    full_name = Field("full_name", field_label(User, "full_name"), TextWidget())
    email = Field("email", field_label(User, "email"), TextWidget())
    role = Field("role", field_label(User, "role"), ChoiceWidget(Role, blank=Role.STAFF))
    is_active = Field("is_active", field_label(User, "is_active"), YesNoWidget())
    memberships = MembershipsField(
        MEMBERSHIPS, str(Membership._meta.verbose_name), MembershipsWidget()
    )

    still_to_do = "新帳號還沒有密碼：請在帳號清單按「發給初始密碼」，本人才能登入。"
    examples = (
        ("lin", "林芬芬", "lin@example.gov.tw", Role.STAFF.label, "是", "行政處（承辦人）"),
        ("wang", "王美玲", "", "", "是", "行政處（單位主管）、政風室（承辦人）"),
        ("yen", "顏佳慧", "", Role.COORDINATOR.label, "是", ""),
    )
    writing_hints = (
        f"{field_label(User, 'role')}可以寫：{'、'.join(Role.labels)}；留白就是{Role.STAFF.label}。",
        f"所屬單位寫單位名稱，括號裡寫{'或'.join(MembershipRole.labels)}，沒有括號就是"
        f"{MembershipRole.REPORTER.label}；兩個以上用頓號分開。",
    )
    written_fields = ("full_name", FOLDED, "email", "role", "is_active", "sign_in_generation")

    class Meta(OfficeResource.Meta):
        model = User
        name = "帳號"
        fields = ["username", "full_name", "email", "role", "is_active", "memberships"]
        import_id_fields = ["username"]

    def key_of_row(self, row: SheetRow) -> str:
        return User.normalize_username(row[self.heading_of("username")])

    def import_instance(self, instance: User, row: SheetRow, **kwargs: Any) -> None:
        """A name in full width is the same account: ｆａｎｇ is kept as fang."""
        super().import_instance(instance, row, **kwargs)
        instance.username = User.normalize_username(instance.username)

    def prepare_lookups(self) -> None:
        self.fields[MEMBERSHIPS].widget.remember(Department.objects.all())

    def load(self) -> dict[str, User]:
        self.memberships_by_user = self.load_memberships()
        users = {user.username: user for user in User.objects.select_for_update()}
        self.spellings = by_spelling(users)
        return users

    def load_memberships(self) -> dict[int, list[Membership]]:
        """{key of the person: memberships}."""
        memberships = Membership.objects.select_related("department", "user")
        # Only the memberships are locked, not the departments and people that they join.
        memberships = memberships.select_for_update(of=["self"])
        by_user = defaultdict(list)
        for membership in memberships:
            by_user[membership.user_id].append(membership)
        return by_user

    def save_instance(self, instance: User, is_create: bool, row: SheetRow, **kwargs: Any) -> None:
        """An account that is disabled or enabled finds no session of before open."""
        super().save_instance(instance, is_create, row, **kwargs)
        if not is_create and "is_active" in self.pending[-1].fields:
            instance.sign_in_generation += 1

    def init_instance(self, row: SheetRow | None = None) -> User:
        """An import never sets a password: the account waits until 系統管理 gives it one."""
        user = User(must_change_password=True)
        user.set_unusable_password()
        return user

    # What changes.

    def shown_values(self, instance: User) -> Values:
        # A new account has no key yet, and so no memberships.
        memberships = self.memberships_by_user.get(instance.pk, [])
        values = super().shown_values(instance)
        values[MEMBERSHIPS] = memberships_in_words(memberships)
        return values

    def wanted_values(self, instance: User) -> Values:
        values = self.shown_values(instance)
        roles = self.wanted_roles(instance)
        if roles is not None:
            memberships = []
            for department, role in roles.items():
                memberships.append(Membership(user=instance, department=department, role=role))
            # In the order of `shown`, else the same departments would look like a change.
            memberships.sort(key=lambda one: (one.department.position, one.department_id))
            values[MEMBERSHIPS] = memberships_in_words(memberships)
        return values

    def wanted_roles(self, user: User) -> dict[Department, str] | None:
        """{department: role} of the file; None where the file has no such column."""
        return getattr(user, "wanted_memberships", None)

    def label_in_preview(self, name: str) -> str:
        if name == MEMBERSHIPS:
            return self.heading_of(MEMBERSHIPS)
        return super().label_in_preview(name)

    def problems(self, instance: User) -> dict[str, Any]:
        # Otherwise a file could leave the office without anybody who can let people in.
        stays_admin = instance.is_active and instance.role == Role.ADMIN
        if instance == self.by and not stays_admin:
            return {"username": "不能停用自己，也不能拿掉自己的系統管理角色。"}
        problems: dict[str, str | None] = {}
        if instance._state.adding:
            problems["username"] = username_problem(instance.username, self.spellings)
            # Of two new accounts in the file with the same spelling, the second is refused.
            self.spellings |= by_spelling([instance.username])
        is_renamed = self.before is None or self.before["full_name"] != instance.full_name
        # Names from before the rule may stay: the file would be refused for what it leaves alone.
        if is_renamed:
            problems["full_name"] = full_name_problem(instance.full_name)
        problems["is_active"] = instance.enabling_problem(instance.is_active)
        return {name: words for name, words in problems.items() if words is not None}

    # Writing.

    def write(self) -> None:
        """The accounts, which then have keys, and after them who belongs where."""
        super().write()
        changes = self.membership_changes()
        entries = self.entries_of_changed(changes.changed)
        entries += self.entries_of_removed(changes.removed)
        removed_keys = [membership.pk for membership in changes.removed]
        Membership.objects.filter(pk__in=removed_keys).delete()
        changed = [change.membership for change in changes.changed]
        Membership.objects.bulk_update(changed, ["role"], batch_size=BATCH)
        new = Membership.objects.bulk_create(changes.new, batch_size=BATCH)
        # After the insertion, which gives the key.
        entries += self.entries_of_new(new)
        self.write_history(entries)

    def membership_changes(self) -> MembershipChanges:
        """What all cells of the file change together."""
        all_changes = MembershipChanges()
        for pending in self.pending:
            user = pending.instance
            roles = self.wanted_roles(user)
            if roles is None:
                continue
            changes = compare(user, self.memberships_by_user.get(user.pk, []), roles)
            all_changes.new.extend(changes.new)
            all_changes.changed.extend(changes.changed)
            all_changes.removed.extend(changes.removed)
        return all_changes

    def entries_of_changed(self, changed: list[ChangedMembership]) -> list[Change]:
        entries = []
        for change in changed:
            after = history.values_of(change.membership)
            fields = history.differences(change.before, after)
            entries.append(self.entry(change.membership, ChangeKind.CHANGED, fields))
        return entries

    def entries_of_removed(self, removed: list[Membership]) -> list[Change]:
        entries = []
        for membership in removed:
            fields = history.differences(history.values_of(membership), None)
            entries.append(self.entry(membership, ChangeKind.DELETED, fields))
        return entries

    def entries_of_new(self, new: list[Membership]) -> list[Change]:
        entries = []
        for membership in new:
            fields = history.differences(None, history.values_of(membership))
            entries.append(self.entry(membership, ChangeKind.CREATED, fields))
        return entries

    def fields_for_history(self, fields: FieldValues) -> FieldValues:
        """Who belongs where has entries of its own."""
        return {name: values for name, values in fields.items() if name != MEMBERSHIPS}
