"""A command about one account, named by its username."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from items.management.ready import require_database
from items.models import User


class AccountCommand(BaseCommand):
    """`handle_account` does the work; where there is no such account, a sentence says so.

    Somebody with a shell on the server is not signed in: history entries name the account itself as
    their author, since nobody else could be named.
    """

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", metavar="USERNAME", help="帳號，例如 mei")

    def handle(self, *, username: str, **options: Any) -> None:
        require_database()
        user = User.objects.filter(username=User.normalize_username(username)).first()
        if user is None:
            raise CommandError(f"沒有「{username}」這個帳號，沒有改動任何資料。")
        self.handle_account(user, **options)

    def handle_account(self, user: User, **options: Any) -> None:
        raise NotImplementedError
