"""manage.py check_figures: whether the copies that rows carry are what they were copied from."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from items.management.ready import require_database
from items.models import Assignment
from items.workflow import closed_figures, newest_figures, search_copies

SHOWN = 20
"""How many assignments are named before the rest is counted."""


class Command(BaseCommand):
    help = (
        "核對分辦所帶的最近進度、各筆資料的搜尋用文字是否與內容相符，"
        "以及已關閉的填報期是否都保存了關閉時的進度；加 --rebuild 則重新寫入。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rebuild", action="store_true", help="把不符的重新寫入")

    def handle(self, *, rebuild: bool, **options: Any) -> None:
        require_database()
        # All are looked at, and said, before the command ends with what differs.
        problems = [
            self._check_figures(rebuild=rebuild),
            self._check_closed_periods(rebuild=rebuild),
            self._check_words(rebuild=rebuild),
        ]
        sentences = [sentence for sentence in problems if sentence]
        if sentences:
            raise CommandError("\n".join(sentences))

    def _check_figures(self, *, rebuild: bool) -> str:
        """What is wrong and stays so, as a sentence; empty where nothing is."""
        stale = newest_figures.stale_assignments()
        if not stale:
            number = Assignment.objects.count()
            self.stdout.write(f"{number:,} 筆分辦的最近進度都與填報相符。")
            return ""
        number_stale = len(stale)
        # Named also where they are written anew: somebody looks into how they came to differ.
        assignments = Assignment.objects.with_path().filter(pk__in=stale[:SHOWN])
        for assignment in assignments.order_by("pk"):
            self.stdout.write(f"不符：{assignment}")
        if number_stale > SHOWN:
            self.stdout.write(f"……另有 {number_stale - SHOWN:,} 筆")
        if not rebuild:
            return f"{number_stale:,} 筆分辦的最近進度與填報不符；請加 --rebuild 重新寫入。"
        written = newest_figures.rebuild()
        self.stdout.write(f"已重新寫入 {written:,} 筆分辦的最近進度。")
        return ""

    def _check_closed_periods(self, *, rebuild: bool) -> str:
        """The same for the progress that is kept of closed periods."""
        for changed in closed_figures.changed_since_closing():
            # No fault: the plan was changed since, and what was said then stays.
            self.stdout.write(f"關閉後計畫有異動，以關閉時為準：{changed.words}")
        without = closed_figures.periods_without()
        for period in without:
            self.stdout.write(f"沒有保存關閉時的進度：{period}")
        if not without:
            return ""
        if not rebuild:
            return f"{len(without)} 個已關閉的填報期沒有保存關閉時的進度；請加 --rebuild 重新寫入。"
        kept = closed_figures.keep_missing()
        self.stdout.write(f"已補上 {kept} 個填報期關閉時的進度。")
        return ""

    def _check_words(self, *, rebuild: bool) -> str:
        """The same for the words that are searched."""
        stale = search_copies.count_stale()
        if not stale:
            self.stdout.write("搜尋用文字都與內容相符。")
            return ""
        # Search reads these copies alone: it does not find what they lack.
        if not rebuild:
            return f"{stale:,} 筆資料的搜尋用文字與內容不符；請加 --rebuild 重新寫入。"
        self.stdout.write(f"已重新寫入 {search_copies.rebuild():,} 筆資料的搜尋用文字。")
        return ""
