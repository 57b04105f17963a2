"""密碼金鑰 in Chromium, whose virtual authenticator answers as a device with a finger on it would."""

import re

from playwright.sync_api import expect

from items.models import Passkey
from tests.browser.looking import PHONE, WIDE, assert_sound

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_a_passkey_is_added_used_to_sign_in_and_removed(
    page, fill_in_login, complaints, mei, programme
):
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    device = devices.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    page.goto("/login/?next=/account/second-factor/")
    fill_in_login(mei)
    assert_sound(page, PHONE, WIDE)
    # By keyboard, without a name first: the browser asks for it before the device does.
    page.get_by_label("名稱").press("Enter")
    page.get_by_label("名稱").fill("辦公室電腦")
    page.get_by_label("名稱").press("Enter")
    expect(page.get_by_role("heading", name="雙重驗證已設定")).to_be_visible()
    expect(page.locator(".paper-codes li")).to_have_count(10)
    page.goto("/account/second-factor/")
    expect(page.get_by_text("辦公室電腦")).to_be_visible()
    assert_sound(page, PHONE, WIDE)
    # The same device once more: the browser itself refuses.
    page.get_by_label("名稱").fill("再一次")
    page.get_by_role("button", name="加入密碼金鑰").click()
    expect(page.get_by_text("這個裝置已經有您的密碼金鑰了。")).to_be_visible()

    page.context.clear_cookies()
    page.goto("/login/?next=/account/second-factor/")
    fill_in_login(mei)
    assert_sound(page, PHONE, WIDE)
    page.get_by_role("button", name="用密碼金鑰登入").click()
    expect(page.get_by_text(re.compile("用過"))).to_be_visible()
    assert Passkey.objects.get().sign_count > 1
    # A change asks for the device first, and names what is missing where nobody has shown it.
    page.get_by_role("button", name="用密碼金鑰確認").click()
    expect(page.get_by_text("已用密碼金鑰確認")).to_be_visible()
    page.get_by_role("button", name="移除 辦公室電腦").click()
    expect(page.get_by_text("已移除密碼金鑰「辦公室電腦」")).to_be_visible()
    assert not Passkey.objects.exists()
    devices.send("WebAuthn.removeVirtualAuthenticator", device)
    assert complaints == []
