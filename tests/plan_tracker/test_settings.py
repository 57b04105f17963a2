import random

import pytest
from django.core.management import call_command

from plan_tracker.secret import UnsafeKey, checked_key, local_key

GOOD = "q8Jz-Vb3nX0sLr7TfWm2KyEc9HdPa5UgZo4QiS6jRw1BxNtC8vMlG-kAeYu_DpF"
PRODUCTION = {"SECRET_KEY": GOOD, "ALLOWED_HOSTS": "plan.example.org"}


def test_without_a_key_the_service_does_not_start(start):
    done = start()
    assert done.returncode != 0
    assert "SECRET_KEY 尚未設定" in done.stderr


@pytest.mark.parametrize(
    "key",
    [
        "change-me",
        "x" * 60,
        "short-but-random-8fj2k",
        "django-insecure-" + GOOD,
        "change-me-" + GOOD,
        "my-secret-key-" + GOOD,
        "please-ChangeMe-" + GOOD,
        "<replace this>" + GOOD,
        "0123456789" * 6,
        "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "9876543210zyxwvutsrqponmlkjihgfedcbaZYXWVUTSRQPONMLKJIHGFEDCBA",
        "q8Jz-Vb3nX0" * 6,
    ],
)
def test_with_a_sample_key_the_service_does_not_start(start, key):
    done = start(SECRET_KEY=key)
    assert done.returncode != 0
    assert "SECRET_KEY 是範例或太短" in done.stderr
    assert key not in done.stderr


def test_with_a_key_of_its_own_the_service_starts(start):
    assert start(**PRODUCTION).returncode == 0


def test_a_demonstration_makes_its_key_once_and_keeps_it_to_its_owner(run_settings, tmp_path):
    first = run_settings("SECRET_KEY", DEMONSTRATION="1")
    assert run_settings("SECRET_KEY", DEMONSTRATION="1") == first
    assert len(checked_key(first[0])) >= 50
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_a_key_file_that_somebody_emptied_is_refused(tmp_path):
    (tmp_path / "key").write_text("")
    with pytest.raises(UnsafeKey):
        local_key(tmp_path / "key")


def test_a_production_is_no_demonstration_and_shows_no_debug_pages(run_settings):
    assert run_settings("DEBUG DEMONSTRATION TLS BEHIND_PROXY", **PRODUCTION) == [
        False,
        False,
        True,
        False,
    ]


def test_a_demonstration_is_reached_by_plain_http_on_this_machine_only(run_settings):
    values = run_settings(
        "ALLOWED_HOSTS SESSION_COOKIE_SECURE SECURE_SSL_REDIRECT", DEMONSTRATION="1"
    )
    assert values == [["127.0.0.1", "localhost", "[::1]"], False, False]


def test_sqlite_is_opened_so_that_savers_wait_for_each_other(run_settings):
    [databases] = run_settings("DATABASES", **PRODUCTION)
    options = databases["default"]["OPTIONS"]
    assert (options["transaction_mode"], options["timeout"]) == ("IMMEDIATE", 20)
    assert "journal_mode=WAL" in options["init_command"]
    assert databases["default"]["CONN_MAX_AGE"] > 0


def test_every_static_file_that_a_stylesheet_names_is_there(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    assert (tmp_path / "staticfiles.json").exists()


def test_a_mail_server_is_one_variable_and_none_means_no_mail(run_settings):
    names = "HAS_MAIL EMAIL_HOST EMAIL_PORT EMAIL_USE_TLS EMAIL_HOST_USER DEFAULT_FROM_EMAIL"
    values = run_settings(
        names,
        **PRODUCTION,
        EMAIL_URL="smtp+tls://plan:secret@mail.example.org:587",
        MAIL_FROM="plan@example.org",
    )
    assert values == [True, "mail.example.org", 587, True, "plan", "plan@example.org"]
    assert run_settings("HAS_MAIL", **PRODUCTION) == [False]


def test_no_random_key_is_taken_for_a_sample():
    """Keys of both lengths that the command and Django's own make; drawn once, by a fixed seed."""
    draw = random.Random(115)
    characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for number in range(2000):
        length = 50 + number % 2 * 36
        key = "".join(draw.choices(characters, k=length))
        assert checked_key(key) == key
