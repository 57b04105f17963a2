"""Passwords of before are not taken again, also those that somebody else has set."""

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError

from items.models import FormerPassword, User


class NotUsedBefore:
    """Neither the password of now, which somebody else may have set, nor the last ones before it."""

    def validate(self, password: str, user: User | None = None) -> None:
        if user is None or user.pk is None:
            return
        # Asked anew: a form may have put the new password on the object already.
        stored = User.objects.filter(pk=user.pk).values_list("password", flat=True).first()
        hashes = [stored or ""]
        former = FormerPassword.objects.filter(user=user).order_by("-id")
        hashes += former.values_list("hashed", flat=True)[: settings.PASSWORD_HISTORY]
        for hashed in hashes:
            if check_password(password, hashed):
                raise ValidationError(
                    f"這個密碼用過了；新密碼不能和現在的密碼、以及之前 {settings.PASSWORD_HISTORY} 個相同。",
                    code="password_used_before",
                )

    def get_help_text(self) -> str:
        return f"不能和現在的密碼、以及之前 {settings.PASSWORD_HISTORY} 個相同。"
