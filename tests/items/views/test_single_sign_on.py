"""單一登入 against a real OpenID provider on this machine, which stops with the tests."""

import logging
import warnings
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from items.models import Change, SingleSignOn, User
from plan_tracker.security_log import days_kept, raw_lines, read_line
from plan_tracker.single_sign_on import WrongSetting, checked_issuer
from tests.items.views.answers import text_of
from tests.items.views.phones import set_up
from tests.making import PASSWORD, make_user

BEGIN = reverse("single_sign_on_begin")
UNLINK = reverse("single_sign_on_unlink")
HOST = "http://testserver"
MEI = "mei@example.org"

pytestmark = [
    pytest.mark.usefixtures("programme"),
    # The provider's own use of its library, in threads of its own, is not ours to mend.
    pytest.mark.filterwarnings("ignore:.*deprecated.*:DeprecationWarning"),
]


@pytest.fixture(scope="module")
def provider():
    """Its address; whom it signs in is told to it before."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from oidc_provider_mock import run_server_in_thread
    with run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(autouse=True)
def _set_up(settings, provider):
    settings.OIDC_ISSUER = provider
    settings.OIDC_CLIENT_ID = "plan-tracker"
    settings.OIDC_CLIENT_SECRET = "of no use elsewhere"


@pytest.fixture
def arrive(provider):
    """arrive("subject", email=…) → (client, answer): the provider signs this person in."""

    def go(subject, client=None, address=BEGIN, **claims):
        client = client or Client()
        requests.put(f"{provider}/users/{subject}", json=claims, timeout=60).raise_for_status()
        leave = client.get(address)
        assert leave.status_code == 302
        assert leave.url.startswith(f"{provider}/oauth2/authorize?")
        back = requests.post(
            leave.url, data={"sub": subject}, allow_redirects=False, timeout=60
        ).headers["Location"]
        assert back.startswith(f"{HOST}{reverse('single_sign_on_back')}?")
        return client, client.get(back.removeprefix(HOST))

    return go


def signed_in_as(client):
    return client.get("/session/").json()["user"]


def give_mail(user, email=MEI):
    User.objects.filter(pk=user.pk).update(email=email)
    return user


def test_a_verified_address_opens_the_account_that_has_it(arrive, mei):
    give_mail(mei)
    client, answer = arrive(
        "p-1", address=f"{BEGIN}?next=/115/plan/", email="Mei@example.org", email_verified=True
    )
    assert answer.url == "/115/plan/"
    assert signed_in_as(client) == mei.pk
    assert SingleSignOn.objects.get(user=mei).subject == "p-1"
    entry = Change.objects.filter(object_id=mei.pk).first()
    assert entry.fields == {"single_sign_on": [None, "第一次登入時連結"]}
    # It is one sign-in among the others of the account.
    assert "登入中的裝置 1 個" in text_of(client.get(reverse("sign_ins")))


def test_from_then_on_the_person_counts_and_not_the_address(arrive, mei, hao):
    give_mail(mei)
    arrive("p-2", email=MEI, email_verified=True)
    give_mail(mei, "other@example.org")
    client, _ = arrive("p-2", email="third@example.org", email_verified=False)
    assert signed_in_as(client) == mei.pk
    # Somebody new at the provider who was given the address of a person who left.
    give_mail(mei)
    client, answer = arrive("p-3", email=MEI, email_verified=True)
    assert signed_in_as(client) is None
    assert "這裡沒有您能用的帳號" in text_of(client.get(answer.url))
    call_command("unlink_single_sign_on", "mei")
    client, _ = arrive("p-3", email=MEI, email_verified=True)
    assert signed_in_as(client) == mei.pk


def test_somebody_unlinks_the_own_account_and_signs_in_by_the_password(arrive, mei):
    give_mail(mei)
    client, _ = arrive("p-7", email=MEI, email_verified=True)
    elsewhere, _ = arrive("p-7", email=MEI, email_verified=True)
    assert "解除連結" in text_of(client.get(reverse("sign_ins")))
    told = text_of(client.post(UNLINK, follow=True))
    assert "已解除和單一登入的連結" in told
    assert "忘記密碼" in told
    assert not SingleSignOn.objects.exists()
    assert signed_in_as(client) == mei.pk
    # Whoever else was signed in may be the wrong person.
    assert signed_in_as(elsewhere) is None
    entry = Change.objects.filter(object_id=mei.pk).first()
    assert (entry.by, entry.fields) == (mei, {"single_sign_on": [None, "已解除連結"]})
    assert "解除連結" not in text_of(client.get(reverse("sign_ins")))
    assert "沒有連結" in text_of(client.post(UNLINK, follow=True))
    other = Client()
    other.post(reverse("login"), {"username": "mei", "password": PASSWORD})
    assert signed_in_as(other) == mei.pk
    # And by the provider it is linked anew.
    again, _ = arrive("p-8", email=MEI, email_verified=True)
    assert signed_in_as(again) == mei.pk


def test_nobody_unlinks_at_a_page_that_was_left_open(arrive, mei, clock):
    give_mail(mei)
    client, _ = arrive("p-9", email=MEI, email_verified=True)
    client.get(reverse("sign_ins"))
    clock.shift(29 * 60)
    client.get(reverse("sign_ins"))
    clock.shift(2 * 60)
    assert "沒有解除連結" in text_of(client.post(UNLINK, follow=True))
    assert SingleSignOn.objects.exists()


def test_the_office_unlinks_an_account_with_a_line_in_the_security_log(
    arrive, mei, admin, client, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.SECURITY_LOG_DIR = tmp_path / "security-log"
    give_mail(mei)
    theirs, _ = arrive("p-10", email=MEI, email_verified=True)
    client.force_login(admin)
    account = client.get(reverse("admin:items_user_change", args=[mei.pk]))
    address = reverse("admin:items_user_single_sign_on", args=[mei.pk])
    assert address in account.content.decode()
    assert "重新連結" in text_of(client.get(address))
    with django_capture_on_commit_callbacks(execute=True):
        told = text_of(client.post(address, follow=True))
    assert "已解除連結，並已在各處登出" in told
    assert signed_in_as(theirs) is None
    assert "沒有連結" in text_of(client.get(address))
    [day] = days_kept()
    line = read_line(next(raw_lines(day)))
    assert (line.event, line.user, line.words) == ("account", "admin", "單一登入")
    assert "王美玲" in line.object


@pytest.mark.parametrize(
    "claims",
    [
        {"email": MEI, "email_verified": False},
        {"email": MEI},
        {"email": "mеi@example.org", "email_verified": True},
        {"email": "mei@example.org.evil.test", "email_verified": True},
        {"email": "", "email_verified": True},
        {"preferred_username": "mei"},
    ],
    ids=["not verified", "nothing said", "Cyrillic letter", "longer", "empty", "name alone"],
)
def test_nobody_takes_an_account_over(arrive, mei, claims):
    give_mail(mei)
    make_user("no-mail", "無信箱")
    number = User.objects.count()
    client, answer = arrive("stranger", **claims)
    assert signed_in_as(client) is None
    assert "請洽資訊人員" in text_of(client.get(answer.url))
    assert not SingleSignOn.objects.exists()
    assert User.objects.count() == number


def test_an_address_of_two_accounts_opens_neither(arrive, mei, hao):
    give_mail(mei)
    give_mail(hao)
    client, _ = arrive("p-4", email=MEI, email_verified=True)
    assert signed_in_as(client) is None


def test_a_closed_account_stays_closed(arrive, mei):
    give_mail(mei)
    arrive("p-5", email=MEI, email_verified=True)
    User.objects.filter(pk=mei.pk).update(is_active=False)
    client, answer = arrive("p-5", email=MEI, email_verified=True)
    assert signed_in_as(client) is None
    assert "這裡沒有您能用的帳號" in text_of(client.get(answer.url))


def test_by_name_where_the_office_says_so_and_exactly_as_it_is_written(arrive, settings, mei):
    settings.OIDC_MATCH = "username"
    client, _ = arrive("p-6", preferred_username="Mei", email=MEI, email_verified=True)
    assert signed_in_as(client) is None
    client, _ = arrive("p-6", preferred_username="mei")
    assert signed_in_as(client) == mei.pk


@pytest.mark.one_engine
def test_the_second_factor_is_asked_for_unless_the_provider_has_one(arrive, settings, mei):
    give_mail(mei)
    desk = Client()
    desk.post("/login/", {"username": "mei", "password": PASSWORD})
    _, codes = set_up(desk)
    client, answer = arrive("p-7", email=MEI, email_verified=True)
    assert answer.url == reverse("login_code")
    assert signed_in_as(client) is None
    client.post(answer.url, {"code": codes[0]})
    assert signed_in_as(client) == mei.pk
    settings.OIDC_HAS_SECOND_FACTOR = True
    client, _ = arrive("p-7", email=MEI, email_verified=True)
    assert signed_in_as(client) == mei.pk


@pytest.mark.one_engine
def test_no_password_has_to_be_changed_by_whoever_needs_none(arrive, mei):
    give_mail(mei)
    User.objects.filter(pk=mei.pk).update(must_change_password=True)
    client, _ = arrive("p-8", email=MEI, email_verified=True)
    assert client.get("/115/plan/").status_code == 200
    client.post("/logout/")
    client.post("/login/", {"username": "mei", "password": PASSWORD})
    assert client.get("/115/plan/").url == reverse("password_change")


def test_an_answer_that_was_not_asked_for_signs_nobody_in(arrive, provider, mei):
    give_mail(mei)
    back = reverse("single_sign_on_back")
    for query in ("", "?code=x&state=y", "?error=access_denied"):
        client = Client()
        answer = client.get(back + query, follow=True)
        assert "沒有完成" in text_of(answer)
        assert signed_in_as(client) is None
    # Nor one that belongs to another browser.
    other = Client()
    leave = other.get(BEGIN)
    answer = requests.post(leave.url, data={"sub": "p-9"}, allow_redirects=False, timeout=60)
    stolen = Client()
    stolen.get(answer.headers["Location"].removeprefix(HOST))
    assert signed_in_as(stolen) is None
    asked = parse_qs(urlsplit(leave.url).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["nonce"]


def test_a_provider_that_does_not_answer_is_said_and_passwords_go_on(settings, mei, caplog):
    settings.OIDC_ISSUER = "http://localhost:9"
    client = Client()
    with caplog.at_level(logging.INFO, logger="security"):
        page = text_of(client.get(BEGIN, follow=True))
    assert "單一登入沒有完成" in page
    assert "sign-in-failed user=- address=127.0.0.1 單一登入沒有完成" in caplog.text
    assert client.post("/login/", {"username": "mei", "password": PASSWORD}).status_code == 302


@pytest.mark.one_engine
def test_signing_out_here_offers_to_sign_out_there(arrive, provider, mei):
    give_mail(mei)
    client, _ = arrive("p-10", email=MEI, email_verified=True)
    answer = client.post("/logout/")
    assert signed_in_as(client) is None
    assert "也登出單一登入" in text_of(client.get(answer.url))
    assert client.get(reverse("single_sign_out")).url.startswith(f"{provider}/oauth2/end_session?")
    # Who came with a password is told nothing of it.
    client.post("/login/", {"username": "mei", "password": PASSWORD})
    assert client.post("/logout/").url == "/login/"


def test_passwords_can_be_kept_for_admins_alone(settings, mei, admin):
    settings.OIDC_ONLY = True
    client = Client()
    answer = client.post("/login/", {"username": "mei", "password": PASSWORD})
    assert "請按「單一登入」登入" in text_of(answer)
    assert client.post("/login/", {"username": "admin", "password": PASSWORD}).status_code == 302


def test_without_a_provider_there_is_no_such_page(settings, db):
    settings.OIDC_ISSUER = ""
    for name in ("single_sign_on_begin", "single_sign_on_back", "single_sign_out"):
        assert Client().get(reverse(name)).status_code == 404
    assert "單一登入" not in text_of(Client().get("/login/"))


@pytest.mark.parametrize(
    ("issuer", "client_id", "claim", "words"),
    [
        ("http://sso.example.org", "x", "email", "https"),
        ("sso.example.org", "x", "email", "https"),
        ("https://sso.example.org", "", "email", "OIDC_CLIENT_ID"),
        ("https://sso.example.org", "x", "phone", "OIDC_MATCH"),
    ],
)
def test_a_setting_that_would_let_nobody_or_anybody_in_is_refused(issuer, client_id, claim, words):
    with pytest.raises(WrongSetting, match=words):
        checked_issuer(issuer, client_id=client_id, claim=claim)


def test_without_the_library_the_setting_says_what_to_install(monkeypatch):
    monkeypatch.setattr("plan_tracker.single_sign_on.find_spec", lambda name: None)
    with pytest.raises(WrongSetting, match=r"requirements/sso\.txt"):
        checked_issuer("https://sso.example.org", client_id="x", claim="email")
