"""Gates of the session that concern accounts."""

from django.shortcuts import redirect
from django.urls import reverse


class PasswordChangeMiddleware:
    """A password that somebody else has set is changed before anything else is shown."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated and request.user.must_change_password:
            allowed = [reverse("password_change"), reverse("logout")]
            if request.path not in allowed:
                return redirect("password_change")
        return self.get_response(request)
