"""B3 over workers and restarts: a real server, asked from outside."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from http.cookiejar import CookieJar
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection

from dev_tools.terminal import ROOT
from items.models import User
from tests.making import PASSWORD

KEY = "for tests only: anybody may know it, and nothing that lasts is signed with it"
SECONDS_TO_START = 120


class Server:
    """gunicorn with two workers on the database of the test."""

    def __init__(self, port, folder):
        self.address = f"http://127.0.0.1:{port}"
        self.token = ""
        environment = {
            "PATH": os.environ["PATH"],
            "DATA_DIR": str(folder),
            "DATABASE_URL": f"sqlite:///{connection.settings_dict['NAME']}",
            # Static files as they lie, instead of collected ones.
            "DEBUG": "1",
            "SECRET_KEY": KEY,
            "PYTHONUTF8": "1",
        }
        self.opener = build_opener(HTTPCookieProcessor(CookieJar()))
        command = [sys.executable, "-m", "gunicorn", f"--bind=127.0.0.1:{port}", "--workers=2"]
        self.process = subprocess.Popen(
            [
                *command,
                "--threads=2",
                "--preload",
                "--log-level=error",
                "plan_tracker.wsgi:application",
            ],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def __enter__(self):
        for _ in range(SECONDS_TO_START * 10):
            try:
                build_opener().open(f"{self.address}/healthz", timeout=60)
            except (URLError, OSError):
                time.sleep(0.1)
            else:
                return self
        raise AssertionError("the server does not answer")

    def __exit__(self, *error):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=120)

    def sign_in(self, password):
        """The status of a refusal, "login" where the form stands there again, "in" else."""
        if not self.token:
            page = self.opener.open(f"{self.address}/login/", timeout=120).read().decode()
            self.token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
        given = {"username": "mei", "password": password, "csrfmiddlewaretoken": self.token}
        try:
            answer = self.opener.open(
                f"{self.address}/login/", urlencode(given).encode(), timeout=120
            )
        except HTTPError as error:
            return error.code
        return "login" if answer.url.endswith("/login/") else "in"


@pytest.mark.slow
@pytest.mark.one_engine
@pytest.mark.skipif(os.name == "nt", reason="gunicorn does not run on Windows")
def test_five_wrong_passwords_lock_over_two_workers_and_a_restart(
    transactional_db, settings, tmp_path
):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    User.objects.create(username="mei", full_name="王美玲", password=make_password(PASSWORD))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with Server(port, tmp_path) as server:
        answers = [server.sign_in(f"wrong-{number}") for number in range(7)]
        assert answers == ["login"] * 4 + [429] * 3
        assert server.sign_in(PASSWORD) == 429
    with Server(port, tmp_path) as server:
        assert server.sign_in(PASSWORD) == 429
