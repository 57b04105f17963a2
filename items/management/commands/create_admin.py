"""manage.py create_admin USERNAME --name 姓名: the first 系統管理, since no account exists before somebody makes one."""

import os
import sys
from getpass import getpass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from items.models import ChangeKind, Door, Role, User
from items.workflow import history
from plan_tracker import clock

VARIABLE = "ADMIN_PASSWORD"


class Command(BaseCommand):
    help = f"建立系統管理帳號。密碼會詢問兩次；無人操作時由環境變數 {VARIABLE} 提供，第一次登入後須變更。"

    def add_arguments(self, parser):
        parser.add_argument("username", metavar="USERNAME", help="帳號，例如 admin")
        parser.add_argument("--name", required=True, metavar="NAME", help="姓名")
        parser.add_argument("--email", default="", metavar="EMAIL", help="電子郵件，可省略")

    def handle(self, *, username, name, email, **options):
        user = User(username=username, full_name=name, email=email, role=Role.ADMIN)
        try:
            user.full_clean(exclude=["password"])
            given = os.environ.get(VARIABLE, "")
            password = given or asked()
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(in_words(error)) from None
        create(user, password, must_change=bool(given))
        self.stdout.write(f"已建立系統管理帳號「{username}」（{name}）。")


def asked():
    """The password, typed twice by a person at a terminal."""
    if not sys.stdin.isatty():
        raise CommandError(f"這裡無法輸入密碼；請在終端機執行，或以環境變數 {VARIABLE} 提供密碼。")
    password = getpass("密碼：")
    if password != getpass("再輸入一次："):
        raise CommandError("兩次輸入的密碼不同，沒有建立帳號；請再執行一次。")
    return password


@transaction.atomic
def create(user, password, *, must_change):
    """Save the account with its history entry; a password that passed through an environment is not kept for long."""
    user.set_password(password)
    user.must_change_password = must_change
    user.save()
    fields = history.differences(None, history.values_of(user))
    history.entry(
        user, ChangeKind.CREATED, fields, by=user, at=clock.now(), door=Door.COMMAND
    ).save()


def in_words(error):
    """Every sentence of a refusal, with the name of the field where there is one."""
    if not hasattr(error, "error_dict"):
        return "密碼不合規定：" + "".join(error.messages)
    labels = {field.name: field.verbose_name for field in User._meta.fields}
    return "".join(
        f"{labels[name]}：{''.join(messages)}" for name, messages in error.message_dict.items()
    )
