"""manage.py create_admin USERNAME --name 姓名: the first 系統管理.

Every other account is made by an admin on the screen; the first one has nobody to make it.
"""

import os
import sys
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from items.management.ready import require_database
from items.models import ChangeKind, Door, Role, User
from items.models.labels import field_label
from items.workflow import history
from plan_tracker import clock

VARIABLE = "ADMIN_PASSWORD"


class Command(BaseCommand):
    help = f"建立系統管理帳號。密碼會詢問兩次；無人操作時由環境變數 {VARIABLE} 提供，第一次登入後須變更。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", metavar="USERNAME", help="帳號，例如 admin")
        parser.add_argument("--name", required=True, metavar="NAME", help="姓名")
        parser.add_argument("--email", default="", metavar="EMAIL", help="電子郵件，可省略")

    def handle(self, *, username: str, name: str, email: str, **options: Any) -> None:
        require_database()
        user = User(username=username, full_name=name, email=email, role=Role.ADMIN)
        password_of_environment = os.environ.get(VARIABLE, "")
        try:
            # Before the password is asked for: nobody types one twice for a name that is taken.
            user.full_clean(exclude=["password"])
            password = password_of_environment or ask_for_password()
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(refusal_in_words(error)) from None
        # A password that passed through an environment may be read by others on the machine.
        create(user, password, must_change=bool(password_of_environment))
        self.stdout.write(f"已建立系統管理帳號「{username}」（{name}）。")


def ask_for_password() -> str:
    """The password, typed twice by a person at a terminal."""
    if not sys.stdin.isatty():
        raise CommandError(f"這裡無法輸入密碼；請在終端機執行，或以環境變數 {VARIABLE} 提供密碼。")
    password = getpass("密碼：")
    if password != getpass("再輸入一次："):
        raise CommandError("兩次輸入的密碼不同，沒有儲存；請再執行一次。")
    return password


@transaction.atomic
def create(user: User, password: str, *, must_change: bool) -> None:
    """Save the account with its history entry, which names the new account as its own author."""
    user.set_password(password)
    user.must_change_password = must_change
    user.password_changed_at = clock.now()
    user.save()
    fields = history.differences(None, history.values_of(user))
    entry = history.entry(
        user, ChangeKind.CREATED, fields, by=user, at=clock.now(), door=Door.COMMAND
    )
    entry.save()


def refusal_in_words(error: ValidationError) -> str:
    """Every sentence of a refusal, with the name of the field where there is one."""
    # `validate_password` refuses without naming a field.
    if not hasattr(error, "error_dict"):
        return "密碼不合規定：" + "".join(error.messages)
    sentences = []
    for name, messages in error.message_dict.items():
        sentences.append(f"{field_label(User, name)}：{''.join(messages)}")
    return "".join(sentences)
