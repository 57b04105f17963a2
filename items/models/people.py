"""Who works on the plan: accounts and their 全公司角色."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.hashers import (
    UNUSABLE_PASSWORD_PREFIX,
    check_password,
    make_password,
    verify_password,
)
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from items.models.account_names import by_spelling, full_name_problem, username_problem
from items.models.departments import Department
from items.models.folded import FoldedField
from items.models.history_home import HistoryHome
from items.models.quick_checks import QuickCheck

if TYPE_CHECKING:
    # Only for the annotation: a membership is of an account.
    from items.models.memberships import Membership


class Role(models.TextChoices):
    """全公司角色: what somebody is for the whole office; `Membership` says it for a department."""

    STAFF = "", "單位同仁"
    COORDINATOR = "coordinator", "研考"
    MANAGER = "manager", "首長"
    AUDITOR = "auditor", "稽核"
    ADMIN = "admin", "系統管理"


READ_ONLY = (Role.MANAGER, Role.AUDITOR)
"""The roles that see everything and write nothing, also where they belong to a department."""


NO_PASSWORD = Q(password="") | Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
"""Accounts that nobody can sign in with yet; the same of one account is `User.has_password`."""


class UserManager(BaseUserManager["User"]):
    """Makes accounts, for Django's commands and for tests."""

    def without_password(self) -> models.QuerySet["User"]:
        """Active accounts whose people cannot sign in until somebody gives them a password."""
        return self.filter(NO_PASSWORD, is_active=True)

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> "User":
        fields["role"] = Role.ADMIN
        return self.create_user(username, password, **fields)


class User(AbstractBaseUser):
    """帳號: one person; a Chinese name is one field, not first and last."""

    username = models.CharField(
        "帳號",
        max_length=150,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": "這個帳號已經有人使用，請換一個。"},
    )
    full_name = models.CharField("姓名", max_length=50)
    folded = FoldedField(sources=("full_name",))
    email = models.EmailField("電子郵件", blank=True)
    role = models.CharField(
        "全公司角色", max_length=20, choices=Role, default=Role.STAFF, blank=True
    )
    is_active = models.BooleanField(
        "啟用", default=True, help_text="停用後立即不能登入，所寫的紀錄都保留。"
    )
    must_change_password = models.BooleanField("下次登入須變更密碼", default=False)
    password_changed_at = models.DateTimeField("密碼變更時間", null=True, editable=False)
    # Part of what a session is signed with: another number ends every session there is.
    sign_in_generation = models.PositiveIntegerField("登入世代", default=0, editable=False)
    created_at = models.DateTimeField("建立時間", auto_now_add=True)
    # By `forget_person`: nobody may sign in as somebody whose steps bear no name any more.
    forgotten_at = models.DateTimeField("去識別化時間", null=True, blank=True, editable=False)
    departments = models.ManyToManyField(Department, through="Membership", related_name="members")

    # Set by `items/middleware.py`: the day on which somebody acts, which decides whom they stand in
    # for (代理). Without it a person has the own rights alone.
    acts_on: date | None = None
    # Set by `access.principals_of`.
    principals: "tuple[User, ...] | None" = None
    # Set by `items/middleware.py`: whether this is the person of a request that changes nothing.
    only_reads = False
    # Set by `access.memberships_behind` for such a request, which asks who somebody is many times.
    memberships_behind: "tuple[Membership, ...] | None" = None

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = verbose_name_plural = "帳號"
        ordering = ["username"]
        constraints = [
            QuickCheck(
                condition=Q(role__in=Role.values),
                name="user_role_known",
                violation_error_message="沒有這個角色。",
            ),
            QuickCheck(
                condition=Q(forgotten_at=None) | Q(is_active=False),
                name="user_forgotten_is_closed",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.username

    def clean(self) -> None:
        """A new name is nobody else's, also to the eye; one from before the rule may stay."""
        super().clean()
        stored = User.objects.filter(pk=self.pk).first()
        problems = {}
        if stored is None or stored.username != self.username:
            # All of them: two names that look alike need have no letter in common.
            others = User.objects.exclude(pk=self.pk).values_list("username", flat=True)
            problems["username"] = username_problem(self.username, by_spelling(others))
        if stored is None or stored.full_name != self.full_name:
            problems["full_name"] = full_name_problem(self.full_name)
        if stored is not None:
            problems["is_active"] = stored.enabling_problem(self.is_active)
        sentences = {name: words for name, words in problems.items() if words is not None}
        if sentences:
            raise ValidationError(sentences)

    def enabling_problem(self, is_active: bool) -> str | None:
        """Why an account cannot be enabled: nobody signs in as a person without a name."""
        if not is_active or self.forgotten_at is None:
            return None
        return "這個帳號已經去識別化，不能再啟用；請建立新的帳號。"

    def history_home(self) -> HistoryHome:
        """Accounts outlive the years as well."""
        return HistoryHome()

    @property
    def has_password(self) -> bool:
        """Whether the person can sign in; Django takes an empty password for a usable one."""
        return bool(self.password) and self.has_usable_password()

    def check_password(self, raw_password: str | None) -> bool:
        """Whether it is this account's; a hash of an older kind is written anew where it is.

        Only while it is still the one that was checked. Django's own would put the old password
        back over one that is set meanwhile, and two sign-ins at once would end each other.
        """
        is_right, is_outdated = verify_password(raw_password, self.password)
        if not is_right or not is_outdated:
            return is_right
        stored = User.objects.filter(pk=self.pk)
        renewed = make_password(raw_password)
        if stored.filter(password=self.password).update(password=renewed):
            self.password = renewed
            return True
        self.password = stored.values_list("password", flat=True).first() or ""
        return check_password(raw_password, self.password)

    @property
    def password_expires_at(self) -> datetime | None:
        """When the password is too old; None where that never happens."""
        if self.password_changed_at is None or not settings.PASSWORD_MAX_AGE:
            return None
        return self.password_changed_at + settings.PASSWORD_MAX_AGE

    def password_is_too_old(self, at: datetime) -> bool:
        expires_at = self.password_expires_at
        return expires_at is not None and at >= expires_at

    @property
    def may_change_password_at(self) -> datetime | None:
        """From when on the person may change it again; None where nothing holds them up.

        One that somebody else has set is changed at once.
        """
        if self.password_changed_at is None or self.must_change_password:
            return None
        return self.password_changed_at + settings.PASSWORD_MIN_AGE

    def get_session_auth_hash(self) -> str:
        """What a session must be signed with to count; see `sign_in_generation`."""
        return f"{super().get_session_auth_hash()}{self._generation_mark()}"

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same with the former keys of SECRET_KEY_FALLBACKS."""
        for signed in super().get_session_auth_fallback_hash():
            yield f"{signed}{self._generation_mark()}"

    def _generation_mark(self) -> str:
        # Sessions from before there were generations go on.
        if self.sign_in_generation == 0:
            return ""
        return f"-{self.sign_in_generation}"

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name

    @property
    def is_coordinator(self) -> bool:
        return self.is_active and self.role == Role.COORDINATOR

    @property
    def is_auditor(self) -> bool:
        return self.is_active and self.role == Role.AUDITOR

    @property
    def is_manager(self) -> bool:
        return self.is_active and self.role == Role.MANAGER

    @property
    def is_admin(self) -> bool:
        return self.is_active and self.role == Role.ADMIN

    # Django's admin asks these four; all are the role, so that no flag set by hand opens a door.
    @property
    def is_staff(self) -> bool:
        return self.is_admin

    @property
    def is_superuser(self) -> bool:
        return self.is_admin

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return self.is_admin

    def has_perms(self, perms: Iterable[str], obj: object = None) -> bool:
        return self.is_admin

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_admin
