"""燈號 in words. When each one is lit is said once, in `items/models/light_rules.py`."""

from django.db import models


class Light(models.TextChoices):
    """燈號, worst first: computed at every read, never stored and never typed."""

    OVER = "over", "逾期"
    UNREPORTED = "unreported", "未填報"
    BEHIND = "behind", "落後"
    SOON = "soon", "即將到期"
    OK = "ok", "正常"
    # Nothing was due and nothing was reported: nobody knows yet whether all is well.
    NOT_YET = "not_yet", "尚無填報"
    DONE = "done", "已完成"
    FREE = "free", "已解除"


SEVERITY = {light: len(Light.values) - place for place, light in enumerate(Light)}
"""How bad each light is, so that an action can show the worst of its departments' lights."""


LIGHT_OF_SEVERITY = {severity: light for light, severity in SEVERITY.items()}


COUNT_WITHOUT_REPORT = (Light.OVER, Light.UNREPORTED)
"""The lights of what owes something, and so counts as 0 % in means until it is reported."""


def counts_in_means(light: str, *, has_report: bool) -> bool:
    """Whether an assignment with this light has a progress that a mean is made of.

    What has not reported yet counts as 0 % from the day on which it owes something; before that it
    would pull the mean down for what nobody has asked for.
    """
    return has_report or light in COUNT_WITHOUT_REPORT


ATTENTION = (Light.OVER, Light.UNREPORTED, Light.BEHIND)
"""The lights that management asks about."""
