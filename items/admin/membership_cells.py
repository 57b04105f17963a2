"""The cell of a flat table that lists the 所屬單位 of one person."""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import models
from import_export.fields import Field

from items.admin.widgets import NamedRowWidget, SheetRow, text_of
from items.exchange.departments import folded
from items.models import Department, MembershipRole, User
from items.models.memberships import memberships_in_words

SEPARATOR = r"[、，,；;\n]"
ROLE = r"\s*(?:[（(](?P<role>[^）)]*)[）)])?"
LISTED = re.compile(rf"(?P<part>[^、，,；;\n]*)(?:{SEPARATOR}+|$)")
UNUSUAL = re.compile(rf"{SEPARATOR}|[（()）]")
"""What a name of a department may hold only if it is older than the rule in `department_names`."""


class WantedMembership(NamedTuple):
    """A department of somebody's, as a cell names it."""

    department: Department
    role: str


class MembershipsWidget(NamedRowWidget):
    """所屬單位 of one person: 「行政處（單位主管）、業務處（承辦人）」; without brackets 承辦人."""

    ROLES = {word: value for value, word in MembershipRole.choices}

    def __init__(self) -> None:
        super().__init__("所屬單位", "name", folded)
        self.remember([])

    def clean(
        self, value: Any, row: SheetRow | None = None, **kwargs: Any
    ) -> dict[Department, str]:
        """{department: role}."""
        roles: dict[Department, str] = {}
        for part in self.parts(text_of(value)):
            wanted = self.wanted_membership(part)
            if wanted.department in roles:
                raise ValueError(f"單位「{wanted.department}」寫了兩次。")
            roles[wanted.department] = wanted.role
        return roles

    def parts(self, text: str) -> list[str]:
        """The memberships that a cell lists, each with its role.

        A known name that holds a separator itself is not taken apart.
        """
        parts = []
        rest = text.strip()
        while rest:
            match = self.known_membership.match(rest)
            if match is None:
                match = LISTED.match(rest)
                # `rest` is not empty: it begins with a part or with a separator.
                assert match is not None
            part = match["part"].strip()
            if part:
                parts.append(part)
            rest = rest[match.end() :].strip()
        return parts

    def remember(self, rows: Iterable[models.Model]) -> None:
        super().remember(rows)
        # Only names with separators or brackets need it; new ones are refused where they are made.
        unusual = [name for name in self.rows_by_name if UNUSUAL.search(name)]
        longest_first = sorted(unusual, key=len, reverse=True)
        names = "|".join(re.escape(name) for name in longest_first)
        # Without such names the expression matches nothing.
        self.known_name = names or "(?!)"
        self.known_membership = re.compile(
            rf"(?P<part>(?:{self.known_name}){ROLE})\s*(?:{SEPARATOR}+|$)"
        )

    def wanted_membership(self, part: str) -> WantedMembership:
        """One department with its role in brackets."""
        # A known name first: it may have brackets of its own, from before these were refused.
        match = re.fullmatch(rf"(?P<name>{self.known_name}|[^（(]+){ROLE}", part)
        if match is None:
            raise ValueError(f"看不懂「{part}」，請寫成「行政處（單位主管）」。")
        written_role = match["role"] or MembershipRole.REPORTER.label
        word = written_role.strip()
        if word not in self.ROLES:
            possible = "、".join(self.ROLES)
            raise ValueError(f"身分「{word}」不對，可以寫：{possible}。")
        name = match["name"].strip()
        department = super().clean(name)
        return WantedMembership(department, self.ROLES[word])

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        if value is None:
            return ""
        return memberships_in_words(value.all())


class MembershipsField(Field):
    """Who belongs where is a table of its own, which is written once the account has a key."""

    def save(self, instance: Any, row: SheetRow, is_m2m: bool = False, **kwargs: Any) -> None:
        # `UserResource.write` reads it; until then it waits on the account.
        instance.wanted_memberships = self.clean(row, **kwargs)

    def get_value(self, instance: User) -> Any:
        return instance.memberships
