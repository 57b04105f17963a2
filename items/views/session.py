"""Who is signed in now: asked by a page that stayed open, before it sends what was written."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def session(request: HttpRequest) -> JsonResponse:
    """{"user": key or None, "token": CSRF token}.

    Signing in again makes a new token, so that every page from before would be refused. Other
    sites cannot read the answer: browsers keep it from them.
    """
    return JsonResponse({"user": request.user.pk, "token": get_token(request)})
