"""What people read on a page, and a report as they fill it in."""

from django.urls import reverse
from django.utils.html import strip_tags

FORM = {
    "text": "11月20日完成地坪施工。",
    "percent": "88",
    "work_status": "in_progress",
    "delay_reason": "",
    "remedy": "",
}


def words(response):
    return response.content.decode()


def read(response):
    """The page as people read it: figures that are links are part of their sentence."""
    return strip_tags(words(response))


def text_of(response):
    """The same in one line, whatever the template's line breaks."""
    return " ".join(strip_tags(words(response)).split())


def page(client, name, *args):
    return client.get(reverse(name, args=[115, *args]))
