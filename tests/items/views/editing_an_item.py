"""The form of 編輯這一項 as tests fill it in and send it."""

from items.models import Assignment
from tests.filled_form import filled_form

URL = "/115/actions/115-01/edit/"


def words(response):
    return response.content.decode()


def sent(office, address=URL, **changes):
    """The form as the page shows it, with `changes`, sent to be saved; the next page."""
    data = filled_form(office.get(address), "edit") | {"intent": "save"} | changes
    return office.post(address, data, follow=True)


def share(action, department):
    return Assignment.objects.get(action=action, department=department)
