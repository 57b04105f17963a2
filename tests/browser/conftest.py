"""A real Chromium against a real server; every test in this folder carries the marker `browser`."""

import os

import pytest
from playwright.sync_api import expect

from dev_tools.browser import find_chromium
from dev_tools.environment import AS_ROOT
from items.demonstration import accounts
from tests.browser import kept_demonstration
from tests.browser.looking import PATIENCE
from tests.browser.signing_in import enter
from tests.making import PASSWORD

# Playwright runs an event loop in this thread, and Django would refuse to touch the database beside one.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

QUIET = [
    # Nothing of a test leaves this machine, and nothing waits for an answer from outside.
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker("browser")
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """The system's Chromium; without one, Playwright's own if it was downloaded."""
    arguments = list(QUIET)
    if AS_ROOT:
        arguments.append("--no-sandbox")  # Chromium's sandbox refuses to run as root
    launch = {**browser_type_launch_args, "args": arguments}
    chromium = find_chromium()
    if chromium:
        launch["executable_path"] = chromium
    return launch


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "locale": "zh-TW", "timezone_id": "Asia/Taipei"}


@pytest.fixture(autouse=True)
def _patience(context):
    context.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def base_url(live_server):
    """`page.goto("/115/")` goes to the server of this test."""
    return live_server.url


@pytest.fixture(scope="session")
def folder_of_the_run(tmp_path_factory, worker_id):
    """The same for all processes of this run, and of no other run."""
    own = tmp_path_factory.getbasetemp()
    if worker_id == "master":
        return own
    return own.parent


@pytest.fixture
def demonstration(base_url, transactional_db, folder_of_the_run):
    """The demonstration's data; the password of all its people."""
    kept_demonstration.load(folder_of_the_run)
    return accounts.demonstration_accounts()[0].password


@pytest.fixture
def sign_in(page):
    """`sign_in(user)`: by the login page's own address, and on to the person's first page.

    The login page is not drawn for it: its form, as a person fills it in, has `fill_in_login`.
    """

    def sign_in(user, password=PASSWORD):
        enter(page, user, password)

    return sign_in


@pytest.fixture
def fill_in_login(page):
    """`fill_in_login(user)` fills in the login form that is open, and sends it."""

    def fill_in_login(user, password=PASSWORD):
        form = page.locator("form", has=page.locator("input[name=password]"))
        form.locator("input[name=username]").fill(user.username)
        form.locator("input[name=password]").fill(password)
        with page.expect_navigation():
            form.locator("button:not([type=button])").click()

    return fill_in_login


@pytest.fixture
def complaints(page):
    """What the browser itself has to say against the pages of this test: script errors, blocked or missing files.

    The test asks for it, walks its pages, and ends with `assert complaints == []`.
    """
    heard = []

    def hear_error(error):
        heard.append(f"script: {error}")

    def hear_message(message):
        if message.type in ("error", "warning"):
            heard.append(told(message))

    def hear_failure(request):
        if blocked(request):
            heard.append(f"failed: {request.url} {request.failure}")

    page.on("pageerror", hear_error)
    page.on("console", hear_message)
    page.on("requestfailed", hear_failure)
    return heard


def blocked(request):
    """Whether a request failed by itself; one that the next page cut short did not."""
    return request.failure != "net::ERR_ABORTED"


def told(message):
    """A missing file is named only by the place that the message comes from."""
    return f"{message.text} {message.location['url']}"
