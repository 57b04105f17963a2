"""One request over loopback that costs us little: whoever asks takes the server's own processors.

`http.client` reads each head as a message of mail, which takes as long as a tenth of a page.
"""

import re
import socket

SECONDS = 60
"""So long nothing may come."""
PIECE = 256 * 1024
_STATUS = re.compile(rb"HTTP/1\.[01] ([1-5][0-9][0-9]) ")
_LENGTH = re.compile(rb"\r\nContent-Length: *([0-9]+)\r\n", re.IGNORECASE)
_IN_PIECES = re.compile(rb"\r\nTransfer-Encoding: *chunked\r\n", re.IGNORECASE)
_LAST_PIECE = b"\r\n0\r\n\r\n"


class BrokenAnswer(OSError):
    """What came back is no answer, or only the beginning of one."""


def request_head(
    method: str, address: str, *, cookies: str, body: bytes, content_type: str
) -> bytes:
    """All that stands before the body; the connection ends with the answer."""
    lines = [f"{method} {address} HTTP/1.1", "Host: 127.0.0.1", "Connection: close"]
    lines.append(f"Cookie: {cookies}")
    if content_type:
        lines.append(f"Content-Type: {content_type}")
    if method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("ascii")


def status_of(port: int, request: bytes) -> int:
    """The status of a whole answer; `BrokenAnswer` where a part of it is missing."""
    answer = bytearray()
    with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as connection:
        connection.sendall(request)
        while piece := connection.recv(PIECE):
            answer += piece
    return _status_of_whole(bytes(answer))


def _status_of_whole(answer: bytes) -> int:
    head, gap, body = answer.partition(b"\r\n\r\n")
    # With the end of its last line, as the patterns want it.
    head += b"\r\n"
    status = _STATUS.match(head)
    if status is None or not gap:
        raise BrokenAnswer("not a whole head")
    length = _LENGTH.search(head)
    if length is not None and len(body) != int(length[1]):
        raise BrokenAnswer(f"{len(body)} of {int(length[1])} bytes")
    if _IN_PIECES.search(head) and not (b"\r\n" + body).endswith(_LAST_PIECE):
        raise BrokenAnswer("the last piece is missing")
    return int(status[1])
