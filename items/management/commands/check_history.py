"""manage.py check_history: hold 異動紀錄 and the steps against their chain of hashes."""

from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from items.management.ready import require_database
from items.workflow.history_chain import chain_ends, faults_of_history, rows_in_chain

SHOWN = 50
"""How many faults are named."""


class Command(BaseCommand):
    help = "核對異動紀錄與填報歷程有沒有被改過、刪除、插入或調換順序，並列出每一串的末段指紋。"

    def handle(self, *args: Any, **options: Any) -> None:
        require_database()
        # To be written down elsewhere: whoever can write to the database can make the whole chain anew.
        for end in chain_ends():
            self.stdout.write(f"{end.name}：{end.number:,} 段，末段指紋 {end.link}")
        # One more than is shown says whether there are more, without working out all of them.
        first_faults = list(islice(faults_of_history(), SHOWN + 1))
        for fault in first_faults[:SHOWN]:
            self.stdout.write(fault.words)
        if len(first_faults) > SHOWN:
            self.stdout.write("還有更多。")
        if first_faults:
            raise CommandError("異動紀錄與寫入時不符；請保留現況，並與備份核對。")
        self.stdout.write(f"{rows_in_chain():,} 筆異動紀錄與歷程都與寫入時相同。")
