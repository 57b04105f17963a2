"""The forms in which somebody proves who they are: signing in, and the own password."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, authenticate
from django.contrib.auth.forms import (
    AuthenticationForm,
    PasswordChangeForm,
    SetPasswordForm,
    UsernameField,
)
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from items.day_words import moment_words
from items.models import Passkey, User
from items.models.labels import field_label
from items.models.second_factor import PASSKEY_NAME_LENGTH
from plan_tracker import lockout
from plan_tracker.known_browsers import browser_of
from plan_tracker.passkeys import LONGEST_ANSWER
from plan_tracker.password_gate import TooManyChecks, gate


class LoginForm(AuthenticationForm):
    """One sentence for every refusal: a guesser must not learn which of the two was wrong."""

    error_messages = AuthenticationForm.error_messages | {
        "invalid_login": "帳號或密碼不對，請再試一次；大小寫有別。",
        "few_left": "帳號或密碼不對，大小寫有別。再錯 %(left)d 次，會有 %(minutes)d 分鐘不能登入。",
        "single_sign_on_only": f"請按「{settings.OIDC_NAME}」登入；帳號和密碼只給系統管理用。",
        "busy": "現在登入的人很多，您的密碼還沒有檢查。請過幾秒再填一次密碼，按「登入」。",
    }
    is_busy = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound:
            # After a refusal the account stands there already: the cursor waits in the password.
            self.fields["username"].widget.attrs.pop("autofocus", None)
            self.fields["password"].widget.attrs["autofocus"] = True

    def clean(self) -> dict[str, Any]:
        """Look at the password when it has its turn; not at all where sign-ins are locked."""
        assert self.request is not None
        username = self.cleaned_data.get("username") or ""
        # Refused before the password is looked at (decision 0012): it needs no turn.
        if lockout.is_locked(self.request, username):
            return super().clean()
        is_known = browser_of(self.request, username) != ""
        try:
            with gate.turn(is_known=is_known):
                return super().clean()
        except TooManyChecks:
            self.is_busy = True
            raise ValidationError(self.error_messages["busy"], code="busy") from None

    def confirm_login_allowed(self, user: Any) -> None:
        super().confirm_login_allowed(user)
        has_provider = bool(settings.OIDC_ISSUER) and settings.OIDC_ONLY
        # 系統管理 keeps the password: a provider that does not answer would lock everybody out.
        if has_provider and not user.is_admin:
            raise ValidationError(self.error_messages["single_sign_on_only"], code="elsewhere")

    def get_invalid_login_error(self) -> ValidationError:
        """Say in time how many tries are left; the words are the same for unknown accounts."""
        failures = getattr(self.request, "axes_failures_since_start", None) or 0
        tries_left = settings.SIGN_IN_FAILURES - failures
        if not failures or tries_left > lockout.FEW_TRIES_LEFT:
            return super().get_invalid_login_error()
        minutes = int(settings.AXES_COOLOFF_TIME.total_seconds()) // 60
        values = {"left": tries_left, "minutes": minutes}
        return ValidationError(self.error_messages["few_left"], "few_left", values)


class CodeForm(forms.Form):
    """驗證碼: of the phone, or one of the codes on paper; or in its place what a passkey answers."""

    code = forms.CharField(
        label="驗證碼",
        max_length=40,
        required=False,
        widget=forms.TextInput(
            attrs={
                "autofocus": True,
                "autocomplete": "one-time-code",
                "autocapitalize": "off",
                "required": True,
            }
        ),
    )
    answer = forms.CharField(required=False, max_length=LONGEST_ANSWER, widget=forms.HiddenInput())

    def clean(self) -> dict[str, Any]:
        code = self.cleaned_data.get("code")
        answer = self.cleaned_data.get("answer")
        # One of the two: the script of a passkey sends an answer and leaves the code blank.
        if not code and not answer:
            self.add_error("code", "請填手機現在顯示的六位數字，或一個備援碼。")
        return self.cleaned_data


class PasskeyForm(forms.Form):
    """A new 密碼金鑰: how its owner calls it, and what the browser has made."""

    name = forms.CharField(
        label=field_label(Passkey, "name"),
        max_length=PASSKEY_NAME_LENGTH,
        error_messages={
            "required": "請填名稱，例如「辦公室電腦」。",
            "max_length": f"名稱最多 {PASSKEY_NAME_LENGTH} 個字，請縮短。",
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "例如：辦公室電腦"}),
    )
    answer = forms.CharField(
        max_length=LONGEST_ANSWER,
        error_messages={
            "required": "瀏覽器沒有回答，沒有加入；請用開啟 JavaScript 的瀏覽器再試一次。",
        },
        widget=forms.HiddenInput(),
    )


class ForgottenForm(forms.Form):
    """忘記密碼: whose; whether there is such an account is not said."""

    username = UsernameField(
        label=field_label(User, "username"),
        max_length=150,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "username"}),
    )


class LinkPasswordForm(SetPasswordForm):
    """The password that somebody chooses who has come by a link."""

    def validate_password_for_user(self, user: Any, password_field_name: str = "") -> None:
        # Django would say it at the second field, which only repeats the first.
        super().validate_password_for_user(user, "new_password1")


class OwnPasswordForm(PasswordChangeForm):
    """變更密碼; the old one is counted like a password at signing in.

    Otherwise somebody who sits down at an open page could try as many as they like.
    """

    error_messages = PasswordChangeForm.error_messages | {
        "too_soon": "密碼剛變更過，%(from)s 以後才能再變更；要是有人知道了密碼，請立即洽資訊人員重設。",
        "busy": "現在檢查密碼的人很多，您的密碼還沒有變更；請過幾秒再試一次。",
    }

    def __init__(self, user: User, *args: Any, request: HttpRequest, at: datetime, **kwargs: Any):
        super().__init__(user, *args, **kwargs)
        self.request = request
        self.at = at

    def clean_old_password(self) -> str:
        old_password: str = self.cleaned_data["old_password"]
        try:
            with gate.turn(is_known=True):
                username = self.user.get_username()
                person = authenticate(self.request, username=username, password=old_password)
        except TooManyChecks:
            raise ValidationError(self.error_messages["busy"], code="busy") from None
        if person is None or person != self.user:
            raise ValidationError(
                self.error_messages["password_incorrect"], code="password_incorrect"
            )
        # Checking may have written an older hash anew, while the session is signed with the older
        # one: a person who has only mistyped the new password would be signed out.
        self.request.session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        return old_password

    def validate_password_for_user(self, user: Any, password_field_name: str = "") -> None:
        """Only after the right old password: the rules tell which password is the one of now."""
        if "old_password" not in self.errors:
            # Django would say it at the second field, which only repeats the first.
            super().validate_password_for_user(user, "new_password1")

    def clean(self) -> dict[str, Any] | None:
        free_at = self.user.may_change_password_at
        if free_at is not None and self.at < free_at:
            words = self.error_messages["too_soon"]
            raise ValidationError(words, "too_soon", {"from": moment_words(free_at)})
        return super().clean()
