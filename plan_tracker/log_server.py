"""The office's log server, which gets each line of 資安日誌 besides our own files.

By UDP, TCP or a socket of this machine. Python's own handler asks for the server's address when the
service starts, which then does not start without it, and never comes back from a connection by TCP
that has broken. A server that does not answer costs at most a moment once a minute, never an answer.
"""

import logging
import socket
import time
from contextlib import suppress
from logging.handlers import SysLogHandler

from plan_tracker.syslog_address import LogServerAddress, Transport

log = logging.getLogger("django.request")

MOST_SECONDS = 2
"""How long the server may take."""
AGAIN_AFTER = 60
"""Seconds for which a server that did not answer is left alone; our own files have the lines."""
PRIORITY = SysLogHandler.LOG_AUTHPRIV * 8 + SysLogHandler.LOG_INFO


class LogServerHandler(logging.Handler):
    """Sends each record as one message; logging calls it for one thread at a time."""

    def __init__(self, address: LogServerAddress) -> None:
        super().__init__()
        self.server = address
        self._socket: socket.socket | None = None
        self._again_at = 0.0

    def emit(self, record: logging.LogRecord) -> None:
        if time.monotonic() < self._again_at:
            return
        message = f"<{PRIORITY}>{self.format(record)}".encode()
        if self.server.transport == Transport.TCP:
            # One message ends where the line does (RFC 6587); none of ours holds a line break.
            message += b"\n"
        try:
            self._send_anew_if_broken(message)
        except OSError as error:
            self._hang_up()
            self._again_at = time.monotonic() + AGAIN_AFTER
            log.warning("log server %s does not answer: %s", self.server, error)

    def close(self) -> None:
        self._hang_up()
        super().close()

    def _send_anew_if_broken(self, message: bytes) -> None:
        if self._socket is not None:
            try:
                self._send(self._socket, message)
            except OSError:
                # Such as a server that was started anew.
                self._hang_up()
            else:
                return
        self._socket = self._connected()
        self._send(self._socket, message)

    def _send(self, connection: socket.socket, message: bytes) -> None:
        if self.server.transport == Transport.TCP and _has_hung_up(connection):
            # What is written to it would be taken and lost.
            raise ConnectionResetError("closed by the log server")
        connection.sendall(message)

    def _connected(self) -> socket.socket:
        if self.server.transport == Transport.TCP:
            return socket.create_connection((self.server.host, self.server.port), MOST_SECONDS)
        kind = socket.SOCK_DGRAM
        if self.server.transport == Transport.SOCKET:
            connection = socket.socket(socket.AF_UNIX, kind)
            connection.settimeout(MOST_SECONDS)
            connection.connect(self.server.host)
            return connection
        # The name may stand for an IPv4 or an IPv6 address: the kind of socket follows from it.
        addresses = socket.getaddrinfo(self.server.host, self.server.port, type=kind)
        family, _, _, _, address = addresses[0]
        connection = socket.socket(family, kind)
        connection.settimeout(MOST_SECONDS)
        connection.connect(address)
        return connection

    def _hang_up(self) -> None:
        if self._socket is not None:
            with suppress(OSError):
                self._socket.close()
        self._socket = None


def _has_hung_up(connection: socket.socket) -> bool:
    """Whether the other end has closed it; it never says anything else."""
    connection.setblocking(False)
    try:
        return connection.recv(1, socket.MSG_PEEK) == b""
    except BlockingIOError:
        return False
    finally:
        connection.settimeout(MOST_SECONDS)
