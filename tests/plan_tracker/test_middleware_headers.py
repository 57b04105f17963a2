"""What every answer carries, whoever made it."""

import pytest
from django.conf import settings as configured
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path

POLICY = {
    "default-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
}


def fails(request):
    raise RuntimeError("the inside: 機密")


def downloads(request):
    return HttpResponse(
        "內容", headers={"Content-Disposition": "attachment", "Cache-Control": "public, max-age=60"}
    )


urlpatterns = [
    path("fails/", fails),
    path("downloads/", downloads),
    path("", include("plan_tracker.urls")),
]
handler400 = "plan_tracker.errors.bad_request"
handler403 = "plan_tracker.errors.forbidden"
handler404 = "plan_tracker.errors.not_found"
handler500 = "plan_tracker.errors.server_error"


@pytest.fixture
def answers(admin, settings):
    """One answer of each kind: {name: response}."""
    settings.ROOT_URLCONF = __name__
    settings.LOGGING_CONFIG = None
    client = Client(raise_request_exception=False)
    client.force_login(admin)
    strict = Client(enforce_csrf_checks=True)
    return {
        "login page": Client().get("/login/"),
        "redirect to it": Client().get("/"),
        "health": Client().get("/healthz"),
        "download": client.get("/downloads/"),
        "not found": client.get("/no/such/page/"),
        "missing static file": client.get("/static/no/such/file.css"),
        "refused for its token": strict.post("/login/", {"username": "a", "password": "b"}),
        "refused host": Client().get("/", headers={"host": "elsewhere.example"}),
        "too large": client.post(
            "/login/", "x", content_type="text/plain", CONTENT_LENGTH=str(2**40)
        ),
        "error": client.get("/fails/"),
    }


def test_every_answer_carries_the_policy_and_the_headers(answers):
    for name, response in answers.items():
        assert set(response["Content-Security-Policy"].split("; ")) == POLICY, name
        assert response["X-Content-Type-Options"] == "nosniff", name
        assert response["Referrer-Policy"] == "same-origin", name
        assert response["Cross-Origin-Opener-Policy"] == "same-origin", name
        assert response["X-Frame-Options"] == "DENY", name
        assert "no-store" in response["Cache-Control"], name
        assert "public" not in response["Cache-Control"], name


def test_each_error_has_its_own_page_with_a_reference_and_nothing_of_the_inside(answers):
    statuses = {
        "not found": 404,
        "missing static file": 404,
        "refused for its token": 403,
        "refused host": 400,
        "too large": 413,
        "error": 500,
    }
    for name, status in statuses.items():
        response = answers[name]
        body = response.content.decode()
        assert response.status_code == status, name
        assert response.wsgi_request.reference in body, name
        assert "機密" not in body, name
        assert "Traceback" not in body, name


def test_a_static_file_may_be_kept_by_the_browser_and_carries_the_headers():
    response = Client().get("/static/admin/css/base.css")
    b"".join(response.streaming_content)
    assert response.status_code == 200
    assert "no-store" not in response["Cache-Control"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert "Access-Control-Allow-Origin" not in response


def test_under_tls_cookies_are_bound_to_it_and_browsers_are_told_to_stay(run_settings):
    values = run_settings(
        "SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SECURE_SSL_REDIRECT SECURE_HSTS_SECONDS SESSION_COOKIE_NAME",
        SECRET_KEY="q8Jz-Vb3nX0sLr7TfWm2KyEc9HdPa5UgZo4QiS6jRw1BxNtC8vMlG-kAeYu_DpF",
        ALLOWED_HOSTS="plan.example.org",
    )
    assert values == [True, True, True, 365 * 24 * 3600, "__Host-session"]


def test_session_cookies_are_hidden_from_scripts_and_from_other_sites():
    assert configured.SESSION_COOKIE_HTTPONLY
    assert configured.CSRF_COOKIE_HTTPONLY
    assert configured.SESSION_COOKIE_SAMESITE == configured.CSRF_COOKIE_SAMESITE == "Lax"


def test_a_page_that_outlived_its_session_is_told_apart_from_a_missing_right(answers):
    refused = answers["refused for its token"]
    assert refused.status_code == 403
    assert "登入已經逾時" in refused.text
    assert "沒有權限" not in refused.text
