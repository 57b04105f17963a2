"""manage.py send_reminders: 催辦郵件, once a working day by the system's timer."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from items.management.ready import require_database
from items.reminder_sending import Clock, Fate, frame_of, send_all
from items.worklists.reminder_run import PlannedMail, ReminderRun, reminder_run
from items.worklists.reminder_text import body_of, subject_of
from plan_tracker import clock

FATE_WORDS = {
    Fate.SENT: "已寄",
    Fate.REFUSED: "郵件伺服器不收這個地址",
    Fate.FAILED: "沒有寄成，下次再寄",
    Fate.UNCLEAR: "不確定是否寄出，不會馬上再寄",
    Fate.TAKEN: "另一次執行已經處理",
}


class Command(BaseCommand):
    help = "寄出今天該寄的催辦郵件；同時執行兩次、或中途停止，都不會有人收到兩封。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="只列出會寄給誰，不寄也不寫入")
        parser.add_argument("--texts", action="store_true", help="試跑時也列出信的內容")

    def handle(self, *, dry_run: bool, texts: bool, **options: Any) -> None:
        require_database()
        at = clock.now()
        run = reminder_run(at.date())
        for note in run.notes:
            self.stdout.write(note)
        if dry_run:
            self._list(run, with_texts=texts)
        # No error: an office without a mail server reminds on screen and by letters.
        elif not settings.HAS_MAIL:
            self.stdout.write(
                f"沒有設定郵件伺服器（EMAIL_URL），{len(run.mails):,} 封都沒有寄出；"
                "「審核」的催辦文字與稽催單不受影響。"
            )
        else:
            self._send(run, Clock(at=at, now=clock.now))
        self._list_unreachable(run)

    def _list(self, run: ReminderRun, *, with_texts: bool) -> None:
        frame = frame_of(clock.now())
        for mail in run.mails:
            person = mail.person
            subject = subject_of(mail)
            self.stdout.write(f"{person} <{person.email}>：{subject}")
            if with_texts:
                self.stdout.write(body_of(mail, frame))
        number = len(run.mails)
        self.stdout.write(f"試跑：會寄 {number:,} 封，沒有寄出，也沒有寫入任何資料。")

    def _send(self, run: ReminderRun, moment: Clock) -> None:
        report = send_all(run, moment, self._tell)
        numbers = []
        for fate, number in report.numbers.items():
            if number:
                numbers.append(f"{FATE_WORDS[fate]} {number}")
        outcome = "、".join(numbers) or "沒有寄出"
        self.stdout.write(f"共 {len(run.mails):,} 封：{outcome}。")
        # By an error: what a timer reports of a run is its exit status.
        if report.stopped_because:
            words = f"連不上郵件伺服器，其餘的下次再寄：{report.stopped_because}"
            raise CommandError(words)

    def _tell(self, mail: PlannedMail, fate: Fate, words: str) -> None:
        person = mail.person
        line = f"{person} <{person.email}>：{mail.counts_words}（{FATE_WORDS[fate]}）"
        if words:
            line += f" {words}"
        self.stdout.write(line)

    def _list_unreachable(self, run: ReminderRun) -> None:
        """Also in a dry run: addresses are corrected before the first mail goes."""
        if run.without_address:
            names = "、".join(str(person) for person in run.without_address)
            self.stdout.write(f"沒有電子郵件地址，沒有寄：{names}。")
        if run.refused_address:
            names = "、".join(str(person) for person in run.refused_address)
            self.stdout.write(f"地址曾被郵件伺服器退回、還沒有更正，沒有寄：{names}。")
