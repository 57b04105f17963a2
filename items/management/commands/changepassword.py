"""manage.py changepassword USERNAME: a new password for an account, in place of Django's command.

Django's own asks in English, asks for no other password at the next login, and leaves no history.
It is for the day on which the last 系統管理 has forgotten the password.
"""

import os
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db import transaction

from items.management.account_command import AccountCommand
from items.management.commands.create_admin import VARIABLE, ask_for_password, refusal_in_words
from items.models import Door, User
from items.workflow.passwords import PasswordSource, note_password
from plan_tracker import clock


class Command(AccountCommand):
    help = f"重新設定一個帳號的密碼。密碼會詢問兩次，或由環境變數 {VARIABLE} 提供；本人下次登入須變更。"

    def handle_account(self, user: User, **options: Any) -> None:
        # The environment is asked first: a script on the server has no terminal to type at.
        password = os.environ.get(VARIABLE, "") or ask_for_password()
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(refusal_in_words(error)) from None
        set_password(user, password)
        self.stdout.write(f"已重新設定帳號「{user.username}」（{user}）的密碼，下次登入須變更。")
        # Otherwise the person tries the new password, and nothing says why it does not open the account.
        if not user.is_active:
            self.stdout.write("這個帳號已停用，仍然不能登入；請由系統管理在後台啟用。")


@transaction.atomic
def set_password(user: User, password: str) -> None:
    """Save the password with its history entry, of which the account is named as the author.

    Somebody with a shell on the server is not signed in: nobody else could be named.
    """
    former = user.password
    had_to_change = user.must_change_password
    user.set_password(password)
    # Somebody else may sit at the server.
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    note_password(
        user,
        PasswordSource.COMMAND,
        former=former,
        had_to_change=had_to_change,
        by=user,
        at=clock.now(),
        door=Door.COMMAND,
    )
