"""Wrong passwords: five lock an account where they came from, and no stranger locks everybody out."""

import logging
import threading

import pytest
from axes.models import AccessAttempt
from django.test import Client

from plan_tracker.password_gate import PasswordGate, TooManyChecks
from tests.making import PASSWORD, START, make_user

MINUTE = 60
ELSEWHERE = "198.51.100.7"
LOCKED = 429


@pytest.fixture(autouse=True)
def _quietly(caplog):
    caplog.set_level(logging.CRITICAL, logger="axes")


def sign_in(username, password=PASSWORD, *, client=None, address="127.0.0.1"):
    client = client or Client()
    data = {"username": username, "password": password}
    return client.post("/login/", data, REMOTE_ADDR=address)


def fail(times, username, **how):
    for number in range(times):
        answer = sign_in(username, f"wrong-{number}", **how)
    return answer


def is_in(answer):
    return answer.status_code == 302


def test_five_wrong_passwords_lock_the_account_for_fifteen_minutes(mei, clock):
    assert fail(4, "mei").status_code == 200
    assert fail(1, "mei").status_code == LOCKED
    answer = sign_in("mei")
    assert answer.status_code == LOCKED
    assert answer["Retry-After"] == str(15 * MINUTE + 1)
    clock.move_to(START + 14 * MINUTE)
    assert sign_in("mei").status_code == LOCKED
    clock.move_to(START + 15 * MINUTE + 1)
    assert is_in(sign_in("mei"))


def test_trying_on_does_not_make_the_lock_longer(mei, clock):
    fail(5, "mei")
    clock.move_to(START + 10 * MINUTE)
    fail(3, "mei")
    clock.move_to(START + 15 * MINUTE + 1)
    assert is_in(sign_in("mei"))


def test_the_page_says_until_when_and_what_to_do(mei, clock):
    fail(5, "mei")
    page = sign_in("mei").content.decode()
    # It began at 19:06:40 in Taipei: rounded up, so that the minute it names is free.
    for words in (
        "暫時不能登入",
        "<b>19:22</b> 以後",
        "請洽資訊人員重設",
        "「人員與移交」按「解除」",
    ):
        assert words in page


def test_an_account_that_does_not_exist_gets_the_same_words(mei, clock):
    for _ in range(6):
        of_mei = sign_in("mei", "wrong")
        of_nobody = sign_in("xyz", "wrong")
        assert of_mei.status_code == of_nobody.status_code
        words = of_nobody.content.decode().replace("xyz", "mei")
        assert without_token(words) == without_token(of_mei.content.decode())


def without_token(page):
    return [line for line in page.splitlines() if "csrfmiddlewaretoken" not in line]


def test_before_the_lock_the_page_says_how_many_tries_are_left(mei):
    assert "再錯" not in fail(2, "mei").content.decode()
    assert "再錯 2 次，會有 15 分鐘不能登入" in fail(1, "mei").content.decode()
    assert "再錯 1 次，會有 15 分鐘不能登入" in fail(1, "mei").content.decode()


def test_the_right_password_wipes_the_failures_before_it(mei):
    fail(4, "mei")
    assert is_in(sign_in("mei"))
    assert fail(4, "mei").status_code == 200


def test_a_stranger_elsewhere_locks_nobody_out(mei, hao, clock):
    assert fail(5, "mei", address=ELSEWHERE).status_code == LOCKED
    assert is_in(sign_in("mei"))
    assert is_in(sign_in("hao", address=ELSEWHERE))


def test_guessing_from_many_addresses_locks_the_account_but_not_the_browsers_it_knows(
    mei, clock, settings
):
    assert settings.SIGN_IN_FAILURES_OF_ACCOUNT == 30
    settings.SIGN_IN_FAILURES_OF_ACCOUNT = 8
    known = Client()
    assert is_in(sign_in("mei", client=known))
    for number in range(4):
        fail(2, "mei", address=f"203.0.113.{number}")
    assert sign_in("mei", address=ELSEWHERE).status_code == LOCKED
    known.post("/logout/")
    assert is_in(sign_in("mei", client=known))


def test_a_colleague_at_the_same_address_does_not_lock_out_a_browser_that_is_known(mei, clock):
    known = Client()
    sign_in("mei", client=known)
    known.post("/logout/")
    assert fail(5, "mei").status_code == LOCKED
    assert is_in(sign_in("mei", client=known))


def test_a_known_browser_has_five_tries_too(mei, clock):
    known = Client()
    sign_in("mei", client=known)
    known.post("/logout/")
    assert fail(5, "mei", client=known).status_code == LOCKED
    assert sign_in("mei", client=known).status_code == LOCKED
    # And it is known for this account alone.
    assert fail(5, "hao", client=known).status_code == LOCKED


def test_a_cookie_that_was_made_up_makes_no_browser_known(mei, clock, settings):
    forged = Client()
    for number in range(5):
        forged.cookies[settings.KNOWN_BROWSER_COOKIE_NAME] = f"forged-{number}"
        answer = fail(1, "mei", client=forged)
    assert answer.status_code == LOCKED


def test_one_guess_for_each_of_many_accounts_locks_the_address(mei, hao, clock, settings):
    assert settings.SIGN_IN_FAILURES_OF_ADDRESS == 100
    settings.SIGN_IN_FAILURES_OF_ADDRESS = 10
    known = Client()
    sign_in("hao", client=known, address=ELSEWHERE)
    for number in range(10):
        fail(1, f"guess{number}", address=ELSEWHERE)
    assert sign_in("mei", address=ELSEWHERE).status_code == LOCKED
    assert is_in(sign_in("mei"))
    known.post("/logout/")
    assert is_in(sign_in("hao", client=known, address=ELSEWHERE))


def test_signing_in_oneself_does_not_wipe_the_count_of_the_address(mei, hao, clock, settings):
    settings.SIGN_IN_FAILURES_OF_ADDRESS = 8
    for number in range(8):
        sign_in("hao", address=ELSEWHERE)
        fail(1, f"guess{number}", address=ELSEWHERE)
    assert sign_in("mei", address=ELSEWHERE).status_code == LOCKED


def test_where_no_address_is_known_nobody_is_locked_out_with_others(mei, clock, settings):
    settings.SIGN_IN_FAILURES_OF_ADDRESS = 8
    for number in range(9):
        fail(1, f"guess{number}", address="")
    assert is_in(sign_in("mei", address=""))


def test_nothing_of_what_was_typed_is_kept_but_the_account(mei):
    fail(2, "mei")
    attempt = AccessAttempt.objects.get()
    assert "wrong" not in attempt.post_data
    assert attempt.user_agent == ""


def test_each_sign_in_failure_and_lock_stands_in_the_log(mei, caplog):
    caplog.set_level(logging.INFO, logger="security")
    logging.getLogger("security").addHandler(caplog.handler)
    try:
        sign_in("mei", address=ELSEWHERE)
        fail(6, "mei", address=ELSEWHERE)
    finally:
        logging.getLogger("security").removeHandler(caplog.handler)
    who = f"user=mei address={ELSEWHERE}"
    lines = [record.getMessage() for record in caplog.records if record.name == "security"]
    assert lines == [
        f"sign-in {who}",
        *[f"sign-in-failed {who}"] * 4,
        f"lock {who} 從現在起鎖定",
        f"lock {who} 鎖定期間再試",
    ]


class TestAddresses:
    """F8: whose word is taken for where a request comes from."""

    def lock(self, header, *, address="10.0.0.1"):
        client = Client()
        data = {"username": "mei", "password": "wrong"}
        for _ in range(5):
            answer = client.post(
                "/login/", data, REMOTE_ADDR=address, HTTP_X_FORWARDED_FOR=next(header)
            )
        return answer.status_code

    def test_without_a_proxy_of_ours_the_header_says_nothing(self, mei, clock):
        headers = (f"203.0.113.{number}" for number in range(5))
        assert self.lock(headers) == LOCKED

    def test_behind_our_proxy_its_own_entry_counts_and_not_what_came_with_the_request(
        self, mei, clock, settings
    ):
        settings.BEHIND_PROXY = True
        headers = (f"203.0.113.{number}, 198.51.100.9" for number in range(5))
        assert self.lock(headers) == LOCKED
        assert AccessAttempt.objects.get().ip_address == "198.51.100.9"
        assert is_in(sign_in("mei"))

    @pytest.mark.parametrize(
        ("header", "address"),
        [
            ("1.2.3.4, 10.9.9.9", "1.2.3.4"),
            ("10.9.9.9", "0.0.0.0"),
            ("", "0.0.0.0"),
            ("nonsense, 10.9.9.9", "0.0.0.0"),
            ("2001:db8:1:2:3:4:5:6, 10.9.9.9", "2001:db8:1:2::"),
            ("::ffff:1.2.3.4, 10.9.9.9", "1.2.3.4"),
        ],
    )
    def test_of_two_proxies_the_outer_one_is_believed(self, rf, settings, header, address):
        from plan_tracker.client_address import client_address

        settings.BEHIND_PROXY = True
        settings.NUMBER_OF_PROXIES = 2
        request = rf.get("/", HTTP_X_FORWARDED_FOR=header)
        assert client_address(request) == address


class TestGate:
    """Passwords are checked in turn, and few threads wait."""

    def test_strangers_wait_up_to_a_number_and_are_then_told_to_come_again(self):
        gate = PasswordGate(at_once=1, most_waiting=1)
        waiting = threading.Event()
        with gate.turn(is_known=False):

            def wait():
                waiting.set()
                with gate.turn(is_known=False):
                    pass

            second = threading.Thread(target=wait)
            second.start()
            waiting.wait()
            while gate._places._value:
                pass
            with pytest.raises(TooManyChecks), gate.turn(is_known=False):
                pass
        second.join()
        with gate.turn(is_known=False):
            pass

    def test_a_password_without_a_turn_is_not_looked_at_and_does_not_count(self, mei, monkeypatch):
        gate = PasswordGate(at_once=1, most_waiting=0)
        monkeypatch.setattr("items.forms.sign_in.gate", gate)
        with gate.turn(is_known=False):
            answer = sign_in("mei", "wrong")
        assert answer.status_code == 503
        assert answer["Retry-After"] == "5"
        assert "您的密碼還沒有檢查" in answer.content.decode()
        assert not AccessAttempt.objects.exists()
        assert is_in(sign_in("mei"))

    def test_whoever_is_locked_takes_no_turn(self, mei, monkeypatch):
        fail(5, "mei")
        gate = PasswordGate(at_once=1, most_waiting=0)
        monkeypatch.setattr("items.forms.sign_in.gate", gate)
        with gate.turn(is_known=False):
            assert sign_in("mei").status_code == LOCKED


class TestLifting:
    """解除, on 人員與移交."""

    def test_the_plan_office_sees_and_lifts_a_lock_with_an_entry(
        self, programme, coordinator, mei, clock
    ):
        fail(5, "mei", address=ELSEWHERE)
        office = Client()
        office.force_login(coordinator)
        page = office.get("/115/people/").content.decode()
        assert f"從 {ELSEWHERE} 錯了 5 次，在那裡到 19:22 不能登入" in page
        answer = office.post("/115/people/lift/", {"account": mei.pk}, follow=True)
        assert "王美玲（mei）的登入鎖定已解除，現在可以登入。" in answer.content.decode()
        assert "暫時不能登入" not in answer.content.decode()
        assert is_in(sign_in("mei", address=ELSEWHERE))
        entry = mei_entries().get()
        assert entry.fields == {"sign_in_lock": ["帳號或密碼錯太多次", "已解除"]}
        assert entry.differences()[0].label == "登入鎖定"

    def test_a_second_press_says_that_nothing_is_locked(self, programme, coordinator, mei):
        office = Client()
        office.force_login(coordinator)
        answer = office.post("/115/people/lift/", {"account": mei.pk}, follow=True)
        assert "現在沒有鎖定，沒有變動" in answer.content.decode()
        assert not mei_entries().exists()

    @pytest.mark.parametrize(
        "data", [{}, {"account": "９" * 3}, {"account": "x"}, {"address": "x"}]
    )
    def test_nonsense_is_not_found(self, programme, coordinator, data):
        office = Client()
        office.force_login(coordinator)
        assert office.post("/115/people/lift/", data).status_code == 404

    def test_an_address_is_lifted_too(self, programme, coordinator, mei, clock, settings):
        settings.SIGN_IN_FAILURES_OF_ADDRESS = 6
        for number in range(6):
            fail(1, f"guess{number}", address=ELSEWHERE)
        office = Client()
        office.force_login(coordinator)
        page = office.get("/115/people/").content.decode()
        assert f"位址 {ELSEWHERE}" in page
        assert "試了不同帳號共錯 6 次" in page
        office.post("/115/people/lift/", {"address": ELSEWHERE})
        assert is_in(sign_in("mei", address=ELSEWHERE))

    def test_the_only_admin_is_let_in_by_a_command(self, admin, clock, capsys):
        from django.core.management import call_command

        fail(5, "admin")
        call_command("lift_lock", "admin")
        assert "登入鎖定已解除" in capsys.readouterr().out
        assert is_in(sign_in("admin"))


def mei_entries():
    from items.models import Change

    return Change.objects.filter(model="user", label="王美玲")


def test_somebody_whose_account_is_disabled_learns_nothing(mei):
    make_user("other", "別人")
    mei.is_active = False
    mei.save()
    assert "帳號或密碼不對" in sign_in("mei").content.decode()
