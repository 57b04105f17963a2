"""How many days are left, in words."""

from datetime import date


def days_left(
    last_day: date, today: date, *, on_the_day: str = "今天截止", past: str = "已逾期"
) -> str:
    """「剩 9 天」, 「今天截止」 or 「已逾期 3 天」."""
    days = (last_day - today).days
    if days > 0:
        return f"剩 {days} 天"
    if days == 0:
        return on_the_day
    return f"{past} {-days} 天"
