"""帳號清查: who may sign in, as what, and when they last did; which accounts nobody uses."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Prefetch, Q, QuerySet

from items.day_words import moment_words
from items.exchange.spreadsheets.file_table import Column, FileTable, TableRow
from items.models import Membership, SecondFactor, SingleSignOn, User
from items.models.labels import field_label
from items.models.memberships import memberships_in_words

NEVER = "從來沒有"


class AccountKind(models.TextChoices):
    """Which accounts are listed."""

    ACTIVE = "active", "啟用中"
    UNUSED = "unused", "久未使用"
    CLOSED = "closed", "已停用"


@dataclass(frozen=True)
class AccountRow:
    """One account, in words."""

    user: User
    departments: str
    last_seen: str
    quiet_days: int
    password: str
    second_factor: str

    @property
    def role(self) -> str:
        return str(self.user.get_role_display())

    @property
    def state(self) -> str:
        if self.user.is_active:
            return "啟用"
        return "停用"

    @property
    def quiet_words(self) -> str:
        """「95 天沒有登入」, counted from the day it was made where nobody ever signed in."""
        if self.quiet_days == 0:
            return ""
        return f"{self.quiet_days} 天沒有登入"


@dataclass(frozen=True)
class AccountCounts:
    """How many of each kind."""

    active: int
    unused: int
    closed: int

    def of(self, kind: AccountKind) -> int:
        return {
            AccountKind.ACTIVE: self.active,
            AccountKind.UNUSED: self.unused,
            AccountKind.CLOSED: self.closed,
        }[kind]


def unused_accounts(at: datetime, days: int) -> QuerySet[User]:
    """Active accounts in which nobody signed in for so many days, or since they were made."""
    limit = at - timedelta(days=days)
    # Where nobody ever signed in, the days count from the making: a new account is not unused yet.
    never = Q(last_login=None, created_at__lt=limit)
    return User.objects.filter(Q(last_login__lt=limit) | never, is_active=True)


def account_counts(at: datetime, days: int) -> AccountCounts:
    """In three small queries."""
    return AccountCounts(
        active=User.objects.filter(is_active=True).count(),
        unused=unused_accounts(at, days).count(),
        closed=User.objects.filter(is_active=False).count(),
    )


def accounts_of(kind: AccountKind, at: datetime, days: int) -> QuerySet[User]:
    """The accounts of this kind, those of the whole office first."""
    if kind == AccountKind.UNUSED:
        users = unused_accounts(at, days)
    else:
        users = User.objects.filter(is_active=kind == AccountKind.ACTIVE)
    memberships = Membership.objects.select_related("department")
    # The roles that see everything stand first: they are what a review is about.
    users = users.select_related("second_factor", "single_sign_on").order_by("-role", "username")
    return users.prefetch_related("passkeys", Prefetch("memberships", memberships))


def account_rows(users: Iterable[User], at: datetime) -> list[AccountRow]:
    """The rows of page and file."""
    rows = []
    for user in users:
        since = user.last_login or user.created_at
        last_seen = NEVER
        if user.last_login is not None:
            last_seen = moment_words(user.last_login)
        row = AccountRow(
            user=user,
            departments=memberships_in_words(user.memberships.all()),
            last_seen=last_seen,
            # Never below 0: a clock may have been set back since the last sign-in.
            quiet_days=max((at - since).days, 0),
            password=ways_in_words(user),
            second_factor=second_factor_words(user),
        )
        rows.append(row)
    return rows


def ways_in_words(user: User) -> str:
    """The password, and the provider by which somebody signs in without one."""
    # One that does not exist is no attribute of the account.
    link: SingleSignOn | None = getattr(user, "single_sign_on", None)
    if link is None:
        return password_words(user)
    return f"{password_words(user)}；{moment_words(link.linked_at)} 連結{settings.OIDC_NAME}"


def password_words(user: User) -> str:
    """「115年11月22日 10:00 變更」, or why nobody has changed it."""
    if not user.has_password:
        return "沒有密碼"
    if user.must_change_password:
        return "本人還沒有變更"
    if user.password_changed_at is None:
        return "沒有變更紀錄"
    return f"{moment_words(user.password_changed_at)} 變更"


def second_factor_words(user: User) -> str:
    """「115年11月22日 10:00 設定」, 「密碼金鑰 2 個」, or that there is none though there must be one.

    A deputy of somebody who needs one needs it on some days only: that is not said.
    """
    # One that does not exist is no attribute of the account.
    factor: SecondFactor | None = getattr(user, "second_factor", None)
    parts = []
    if factor is not None:
        parts.append(f"{moment_words(factor.set_up_at)} 設定")
    # `all`, not `count`: a list has fetched them for everybody.
    passkeys = len(user.passkeys.all())
    if passkeys:
        parts.append(f"密碼金鑰 {passkeys} 個")
    if parts:
        return "、".join(parts)
    # The setting names roles of the office and of departments alike.
    roles = {user.role}
    for membership in user.memberships.all():
        roles.add(membership.role)
    if settings.SECOND_FACTOR_ROLES.intersection(roles):
        return "須設定，還沒有"
    return "沒有"


def account_table(rows: Iterable[AccountRow], *, title: str, day: str) -> FileTable:
    """The list as a file, to be signed and kept."""
    columns = (
        Column(field_label(User, "username"), 18),
        Column(field_label(User, "full_name"), 14),
        Column(field_label(User, "role"), 12),
        Column("所屬單位", 34),
        Column("狀態", 8, is_centred=True),
        Column("上次登入", 22),
        Column("未登入天數", 11, is_centred=True),
        Column("密碼", 26),
        Column(str(SecondFactor._meta.verbose_name), 26),
        Column(field_label(User, "created_at"), 22),
    )
    lines = []
    for row in rows:
        line: TableRow = [
            row.user.username,
            row.user.full_name,
            row.role,
            row.departments,
            row.state,
            row.last_seen,
            row.quiet_days,
            row.password,
            row.second_factor,
            moment_words(row.user.created_at),
        ]
        lines.append(line)
    return FileTable(
        name="帳號清查", title=title, subtitle=f"{day}清查", columns=columns, rows=lines
    )
