"""The three forms of an account: a new one, an existing one, and its password."""

from typing import Any

from django.contrib.auth.forms import AdminPasswordChangeForm, BaseUserCreationForm, UsernameField

from items.forms.overtaken import OfficeForm
from items.models import User


class NewAccountForm(BaseUserCreationForm):
    """A new account with a first password, which the person changes at the first login."""

    class Meta:
        model = User
        fields = ["username", "full_name", "email", "role"]
        field_classes = {"username": UsernameField}

    def save(self, commit: bool = True) -> User:
        user = super().save(commit=False)
        user.must_change_password = True
        if commit:
            user.save()
        return user


class AccountForm(OfficeForm):
    """An existing account; the password has a page of its own."""

    class Meta:
        model = User
        fields = ["username", "full_name", "email", "role", "is_active", "must_change_password"]
        field_classes = {"username": UsernameField}


class NewPasswordForm(AdminPasswordChangeForm):
    """A password set by 系統管理 is changed by the person at the next login."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Django offers accounts that sign in without a password, over some other service.
        self.fields.pop("usable_password", None)

    def save(self, commit: bool = True) -> User:
        self.user.must_change_password = True
        return super().save(commit)
