"""經由: the door through which a change or a step came."""

from django.db import models


class Door(models.TextChoices):
    """經由: through which door a change came."""

    PAGE = "page", "網頁"
    IMPORT = "import", "匯入"
    ADMIN = "admin", "後台"
    COMMAND = "command", "指令"
    UNDO = "undo", "復原匯入"
