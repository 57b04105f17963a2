"""Where a log server is, as an office writes it."""

from dataclasses import dataclass
from enum import Enum

SYSLOG_PORT = 514


class Transport(Enum):
    """How a line gets there."""

    UDP = "udp"
    TCP = "tcp"
    SOCKET = "socket"


@dataclass(frozen=True)
class LogServerAddress:
    """Host and port, or the path of a socket as the host."""

    transport: Transport
    host: str
    port: int = 0

    def __str__(self) -> str:
        if self.transport == Transport.SOCKET:
            return self.host
        return f"{self.transport.value}://{self.host}:{self.port}"


def syslog_address(written: str) -> LogServerAddress:
    """「log.example.org:514」 (UDP), 「tcp://log.example.org:601」 or the path of a socket.

    The port may be left out. ValueError where it is no number of a port.
    """
    if written.startswith("/"):
        return LogServerAddress(Transport.SOCKET, written)
    transport = Transport.UDP
    for one in (Transport.UDP, Transport.TCP):
        beginning = f"{one.value}://"
        if written.startswith(beginning):
            transport = one
            written = written.removeprefix(beginning)
    host, separator, port = written.rpartition(":")
    if not separator:
        return LogServerAddress(transport, written, SYSLOG_PORT)
    number = int(port)
    if not host or not 0 < number < 65536:
        raise ValueError(f"no host and port: {written}")
    return LogServerAddress(transport, host.strip("[]"), number)
