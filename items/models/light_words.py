"""Why a light is lit, in words."""

from items.day_words import days_in_words
from items.lights import Light
from items.models.actions import ControlStatus


def light_reason_words(
    light: Light,
    *,
    control_status: str,
    light_days: int,
    due_period: str | None,
    behind_by: int,
) -> str:
    """Why a light is lit, from what `with_light` has annotated; empty where the light says all."""
    if light == Light.FREE:
        return str(ControlStatus(control_status).label)
    if light == Light.OVER:
        return days_in_words(light_days, past="逾期")
    if light == Light.UNREPORTED:
        return f"{due_period}未填報"
    if light == Light.BEHIND:
        return f"落後 {behind_by} 個百分點"
    if light == Light.SOON:
        return days_in_words(light_days, on_the_day="今天到期")
    return ""
