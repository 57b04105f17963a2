"""What people read on 總覽, and the share of a department in an item."""

import re
from html import unescape

from items.models import Assignment


def share(action, department):
    return Assignment.objects.get(action=action, department=department)


def text_of(response):
    """What a reader reads: tags and runs of space taken out."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))
