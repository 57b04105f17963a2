"""waitress with our own error pages: `python -m plan_tracker.serving OPTIONS plan_tracker.wsgi:application`.

What waitress refuses by itself (a malformed or too large request, an unknown encoding) never
reaches Django: its own answer is a line of English without any of our headers. The options are
those of `waitress-serve`.
"""

import logging

from django.http import HttpRequest, HttpResponse
from waitress.channel import HTTPChannel
from waitress.runner import run
from waitress.server import BaseWSGIServer
from waitress.task import ErrorTask

log = logging.getLogger("django.request")


def answer_to(status: int) -> HttpResponse:
    """Our page of an error, with the headers of every answer; without a request that could be read."""
    # Not at the head of the file: they want Django ready, which the application sees to.
    from csp.middleware import CSPMiddleware
    from django.middleware.clickjacking import XFrameOptionsMiddleware

    from plan_tracker.errors import page
    from plan_tracker.middleware import envelope

    def view(request: HttpRequest) -> HttpResponse:
        reference = getattr(request, "reference", "")
        log.warning("%s answered by waitress (%s)", status, reference)
        return page(request, status)

    # The three that stand first in the settings, since they only add to answers.
    finished = CSPMiddleware(XFrameOptionsMiddleware(envelope(view)))
    response = finished(HttpRequest())
    assert isinstance(response, HttpResponse)
    return response


class OurErrorTask(ErrorTask):
    """Writes our page in the place of waitress's own line."""

    def execute(self) -> None:
        error = self.request.error
        try:
            response = answer_to(error.code)
        except Exception:
            # Without its page an error is still answered.
            log.exception("error page %s", error.code)
            super().execute()
            return
        self.status = f"{error.code} {error.reason}"
        self.response_headers.extend(response.items())
        self.set_close_on_finish()
        self.content_length = len(response.content)
        self.write(response.content)


class OurChannel(HTTPChannel):
    """One connection."""

    error_task_class = OurErrorTask


def main() -> int:
    BaseWSGIServer.channel_class = OurChannel
    status: int = run()
    return status


if __name__ == "__main__":
    raise SystemExit(main())
