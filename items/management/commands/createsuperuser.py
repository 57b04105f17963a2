"""manage.py createsuperuser: Django's name for what create_admin does, and no second door to it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = "請改用 create_admin：建立系統管理帳號，並留下異動紀錄。"

    def add_arguments(self, parser: CommandParser) -> None:
        # People write options behind Django's command out of habit: they are passed over.
        parser.add_argument("rest", nargs="*")

    def handle(self, *args: Any, **options: Any) -> None:
        raise CommandError(
            "請改用 create_admin 建立系統管理帳號："
            "python manage.py create_admin 帳號 --name 姓名。沒有建立任何帳號。"
        )
