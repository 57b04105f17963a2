"""Passkeys are bound to one name: taken from the settings, and refused loudly where none can be."""

import pytest

from plan_tracker.passkey_site import PasskeySite, WrongPasskeyOrigin, passkey_site

HOST = "plan.example.org"
HTTPS = PasskeySite(HOST, f"https://{HOST}")
LOCAL = PasskeySite("localhost", "http://localhost")


@pytest.mark.parametrize(
    ("written", "hosts", "tls", "is_trial", "expected"),
    [
        ("", [HOST], True, False, HTTPS),
        ("", [HOST, "10.1.2.3"], True, False, None),
        ("", ["10.1.2.3"], True, False, None),
        ("", [".example.org"], True, False, None),
        ("", [HOST], False, False, None),
        ("", ["127.0.0.1", "localhost", "[::1]"], False, True, LOCAL),
        (f"https://{HOST}/", ["10.1.2.3", HOST], True, False, HTTPS),
        (f"https://{HOST}", [".example.org"], True, False, HTTPS),
        (f"https://{HOST}:8443", [HOST], True, False, PasskeySite(HOST, f"https://{HOST}:8443")),
        ("http://localhost:8000", ["localhost"], False, True, LOCAL),
    ],
)
def test_the_name_follows_from_the_settings(written, hosts, tls, is_trial, expected):
    assert passkey_site(written, allowed_hosts=hosts, tls=tls, is_trial=is_trial) == expected


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (f"http://{HOST}", "只在 https 使用"),
        ("https://10.1.2.3", "不能用 IP 位址"),
        ("https://[2001:db8::1]", "不能用 IP 位址"),
        ("https://other.example.org", "ALLOWED_HOSTS 裡沒有「other.example.org」"),
        (f"https://{HOST}/115/", "只寫到主機"),
        (HOST, "只寫到主機"),
    ],
)
def test_an_address_at_which_no_browser_makes_one_is_refused_in_words(written, words):
    with pytest.raises(WrongPasskeyOrigin, match=words):
        passkey_site(written, allowed_hosts=[HOST, "10.1.2.3"], tls=True, is_trial=False)


def test_only_the_very_address_counts():
    assert HTTPS.takes(f"https://{HOST}")
    for origin in (f"http://{HOST}", f"https://{HOST}:444", f"https://{HOST}.evil.test", ""):
        assert not HTTPS.takes(origin)
    assert LOCAL.takes("http://localhost:8000")
    assert not LOCAL.takes("http://localhost.evil.test")
    assert (HTTPS.is_at(HOST), HTTPS.is_at(f"{HOST}:443"), HTTPS.is_at("10.1.2.3")) == (
        True,
        True,
        False,
    )
    assert LOCAL.is_at("localhost:8000")
    assert not LOCAL.is_at("127.0.0.1:8000")
