"""Somebody signs in without the login page being drawn."""

import re

from tests.making import PASSWORD

TOKEN = re.compile('name="csrfmiddlewaretoken" value="(?P<token>[^"]+)"')


def enter(page, user, password=PASSWORD):
    """Sign somebody in by the login page's own address, and on to their first page."""
    requests = page.context.request
    token = TOKEN.search(requests.get("/login/").text())["token"]
    form = {"username": user.username, "password": password, "csrfmiddlewaretoken": token}
    answer = requests.post("/login/", form=form, max_redirects=0)
    assert answer.status == 302, f"{user.username} was not signed in"
    page.goto("/")
