"""Days and moments as people read them: how many days are left, and when something was done."""

from datetime import date, datetime

from django.utils import timezone

from items.roc import format_roc


def days_left(
    last_day: date, today: date, *, on_the_day: str = "今天截止", past: str = "已逾期"
) -> str:
    """「剩 9 天」, 「今天截止」 or 「已逾期 3 天」."""
    return days_in_words((last_day - today).days, on_the_day=on_the_day, past=past)


def days_in_words(days: int, *, on_the_day: str = "今天截止", past: str = "已逾期") -> str:
    """The same for a number of days, negative after the last day."""
    if days > 0:
        return f"剩 {days} 天"
    if days == 0:
        return on_the_day
    return f"{past} {-days} 天"


def moment_words(moment: datetime) -> str:
    """「115年11月22日 10:42」, in the time of Taipei."""
    local = timezone.localtime(moment)
    return f"{format_roc(local.date())} {local:%H:%M}"
