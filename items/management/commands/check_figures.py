"""manage.py check_figures: whether each 分辦 carries the figures of its newest report."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from items.models import Assignment
from items.workflow import newest_figures
from plan_tracker.ready_database import database_problem

SHOWN = 20
"""How many assignments are named before the rest is counted."""


class Command(BaseCommand):
    help = "核對每一筆分辦所帶的最近進度與其填報是否相符；不符時列出，加 --rebuild 則重新寫入。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rebuild", action="store_true", help="把不符的重新寫入")

    def handle(self, *, rebuild: bool, **options: Any) -> None:
        problem = database_problem()
        if problem:
            raise CommandError(problem)
        stale = newest_figures.stale_assignments()
        if not stale:
            self.stdout.write(f"{Assignment.objects.count()} 筆分辦的最近進度都與填報相符。")
            return
        named = Assignment.objects.with_path().filter(pk__in=stale[:SHOWN]).order_by("pk")
        for assignment in named:
            self.stdout.write(f"不符：{assignment}")
        if len(stale) > SHOWN:
            self.stdout.write(f"……另有 {len(stale) - SHOWN} 筆")
        if not rebuild:
            words = f"{len(stale)} 筆分辦的最近進度與填報不符；請加 --rebuild 重新寫入。"
            raise CommandError(words)
        written = newest_figures.rebuild()
        self.stdout.write(f"已重新寫入 {written} 筆分辦的最近進度。")
