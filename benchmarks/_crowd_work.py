"""What each of fifty people does to a running server, and how much of it is not there afterwards."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from benchmarks._plain_request import request_head, status_of

# The models only inside functions: whoever imports this has not set Django up yet.
if TYPE_CHECKING:
    from items.models import ProgressReport

SAVES = 6
FILES = 3
SENDINGS = 3
"""How often each of them does it."""
FILE_BYTES = 100_000
BOUNDARY = "----crowd"
TOKEN = "b" * 32
"""As a browser has it, in the cookie and in the form."""


@dataclass(frozen=True)
class Visitor:
    """Somebody signed in, with drafts of their own, and what they endorse where they are a head."""

    session: str
    drafts: "list[ProgressReport]" = field(default_factory=list)
    waiting: "list[ProgressReport]" = field(default_factory=list)


@dataclass(frozen=True)
class Pair:
    """A reporter and a head who do in turn what there is to do; each pair begins with another task."""

    number: int
    reporter: Visitor
    head: Visitor


def request(
    port: int, visitor: Visitor, method: str, address: str, form: dict[str, Any] | None = None
) -> int:
    """The status of the answer to a form, or to a page where there is none."""
    if form is None:
        return send_body(port, visitor, method, address)
    body = urlencode(form | {"csrfmiddlewaretoken": TOKEN}, doseq=True).encode()
    return send_body(
        port, visitor, method, address, body=body, content_type="application/x-www-form-urlencoded"
    )


def send_body(
    port: int,
    visitor: Visitor,
    method: str,
    address: str,
    *,
    body: bytes | None = None,
    content_type: str = "",
) -> int:
    """Like a proxy without kept connections, each time a new one."""
    content = body or b""
    head = request_head(
        method,
        address,
        cookies=f"session={visitor.session}; csrf={TOKEN}",
        body=content,
        content_type=content_type,
    )
    return status_of(port, head + content)


def get(port: int, visitor: Visitor, address: str) -> None:
    status = request(port, visitor, "GET", address)
    if status != 200:
        raise RuntimeError(f"{address}: {status}")


def reading(port: int, address: str) -> Callable[[Visitor, int], None]:
    """What asks for the same page in each turn."""

    def read(visitor: Visitor, turn: int) -> None:
        get(port, visitor, address)

    return read


def read_form(port: int, visitor: Visitor, turn: int) -> None:
    """The form of a draft that nobody sends."""
    get(port, visitor, form_of(visitor.drafts[SENDINGS]))


def touch(port: int, visitor: Visitor, turn: int) -> None:
    """The bare view: reads one row and updates it."""
    address = f"/touch/{visitor.drafts[0].pk}/"
    status = request(port, visitor, "POST", address, {})
    if status != 200:
        raise RuntimeError(f"{address}: {status}")


def form_of(report: "ProgressReport") -> str:
    from benchmarks._page_asks import form_address

    return form_address(report)


def save(port: int, visitor: Visitor, turn: int) -> None:
    """Autosave of the first draft; each save makes a version of its own."""
    save_draft(port, visitor, visitor.drafts[0], turn)


def save_draft(port: int, visitor: Visitor, draft: "ProgressReport", turn: int) -> None:
    values = draft.content() | {"text": saved_text(turn), "intent": "autosave"}
    # Each save raises the version by one: the page has the one of the save before.
    values["version"] = draft.version + turn
    status = request(port, visitor, "POST", form_of(draft), values)
    if status != 200:
        raise RuntimeError(f"a save: {status}")


def saved_text(turn: int) -> str:
    return f"自動儲存第{turn}次"


def saves_lost(visitor: Visitor) -> int:
    """How many versions fewer there are than saves; all of them where the last text is not there."""
    return versions_lost(visitor.drafts[0], SAVES)


def versions_lost(draft: "ProgressReport", saves: int) -> int:
    version_before = draft.version
    draft.refresh_from_db()
    if draft.text != saved_text(saves - 1):
        return saves
    return abs(saves - (draft.version - version_before))


def attach(port: int, visitor: Visitor, turn: int) -> None:
    """One file to the draft that is sent in the same turn later, as the script of the form does."""
    attach_to(port, visitor, visitor.drafts[turn])


def attach_to(port: int, visitor: Visitor, draft: "ProgressReport", *, more: int = 0) -> None:
    """The file of the draft; with `more` another one."""
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n'
        f"{TOKEN}\r\n--{BOUNDARY}\r\nContent-Disposition: form-data; "
        f'name="evidence"; filename="{draft.pk}.pdf"\r\n\r\n'
    )
    body = head.encode() + file_of(draft) + b"0" * more + f"\r\n--{BOUNDARY}--\r\n".encode()
    status = send_body(
        port,
        visitor,
        "POST",
        f"{form_of(draft)}evidence/",
        body=body,
        content_type=f"multipart/form-data; boundary={BOUNDARY}",
    )
    if status != 200:
        raise RuntimeError(f"a file: {status}")


def file_of(draft: "ProgressReport") -> bytes:
    """A PDF of its own for each draft."""
    beginning = f"%PDF-1.7\n{draft.pk} ".encode()
    return beginning + b"0" * (FILE_BYTES - len(beginning))


def files_lost(visitor: Visitor) -> int:
    """How many of the files are not there once, and as they were sent."""
    return files_of_lost(visitor.drafts[:FILES])


def files_of_lost(drafts: "list[ProgressReport]") -> int:
    from items.evidence.storage import evidence_storage

    lost = 0
    for draft in drafts:
        attached = list(draft.evidence.attached())
        if len(attached) != 1:
            lost += 1
            continue
        with evidence_storage().open(attached[0].stored_name) as stored:
            if stored.read() != file_of(draft):
                lost += 1
    return lost


def send(port: int, visitor: Visitor, turn: int) -> None:
    send_draft(port, visitor, visitor.drafts[turn])


def send_draft(port: int, visitor: Visitor, draft: "ProgressReport") -> None:
    values = draft.content() | {"version": draft.version, "intent": "submit"}
    # Whatever the draft says, so that nothing is missing.
    values |= {"delay_reason": "採購流標一次", "remedy": "改採開口契約"}
    status = request(port, visitor, "POST", form_of(draft), values)
    if status != 302:
        raise RuntimeError(f"a sending: {status}")


def sendings_lost(visitor: Visitor) -> int:
    return steps_lost(visitor.drafts[:SENDINGS], "submit")


def endorse(port: int, head: Visitor, turn: int) -> None:
    """Several at once, as the list of a head does; another head has the same list before them."""
    endorse_reports(port, head, head.waiting[:-1])


def endorse_reports(port: int, head: Visitor, reports: "list[ProgressReport]") -> None:
    ticks = [f"{report.pk}:{report.version}" for report in reports]
    status = request(port, head, "POST", "/115/inbox/", {"report": ticks, "intent": "endorse"})
    if status != 302:
        raise RuntimeError(f"an endorsing: {status}")


def endorsings_lost(head: Visitor) -> int:
    return steps_lost(head.waiting[:-1], "endorse")


def steps_lost(reports: "list[ProgressReport]", kind: str) -> int:
    """How many of these reports have not taken the step once and are not where it leads."""
    from items.models import ReportState

    lost = 0
    for report in reports:
        report.refresh_from_db()
        number = report.steps.filter(kind=kind).count()
        is_there = report.is_submitted
        if kind == "endorse":
            is_there = report.state == ReportState.WITH_COORDINATOR
        if not is_there or number != 1:
            lost += 1
    return lost


MIXED = 4
"""Tasks of a pair: each once."""


def mixed(port: int, pair: Pair, turn: int) -> None:
    """One of the four tasks, so that at any moment all of them go on."""
    saved, sent = pair.reporter.drafts[-2:]
    task = (pair.number + turn) % MIXED
    if task == 0:
        save_draft(port, pair.reporter, saved, 0)
    elif task == 1:
        attach_to(port, pair.reporter, saved)
    elif task == 2:
        send_draft(port, pair.reporter, sent)
    else:
        endorse_reports(port, pair.head, pair.head.waiting[-1:])


def mixed_lost(pair: Pair) -> int:
    """How many of the four tasks of a pair have not been done, or twice."""
    saved, sent = pair.reporter.drafts[-2:]
    lost = versions_lost(saved, 1)
    lost += files_of_lost([saved])
    lost += steps_lost([sent], "submit")
    endorsed = pair.head.waiting[-1:]
    lost += steps_lost(endorsed, "endorse")
    return lost
