"""manage.py unlink_single_sign_on USERNAME: the person behind the account is another one there."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from items.models import Door, User
from items.workflow.single_sign_on import unlink
from plan_tracker import clock
from plan_tracker.ready_database import database_problem


class Command(BaseCommand):
    help = "解除一個帳號和單一登入的連結；下一次符合的人登入時重新連結。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", metavar="USERNAME", help="帳號，例如 mei")

    def handle(self, *, username: str, **options: Any) -> None:
        problem = database_problem()
        if problem:
            raise CommandError(problem)
        user = User.objects.filter(username=User.normalize_username(username)).first()
        if user is None:
            raise CommandError(f"沒有「{username}」這個帳號，沒有改動任何資料。")
        # Whoever has a shell on the server is not signed in: nobody else could be named.
        if unlink(user, by=user, at=clock.now(), door=Door.COMMAND):
            self.stdout.write(f"帳號「{user.username}」（{user}）已解除單一登入的連結。")
        else:
            self.stdout.write(f"帳號「{user.username}」（{user}）沒有連結，沒有變動。")
