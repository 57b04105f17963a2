"""Where a log server is, as an office writes it."""

SYSLOG_PORT = 514


def syslog_address(written: str) -> str | tuple[str, int]:
    """The path of a socket, or host and port: 「log.example.org:514」, the port may be left out."""
    if written.startswith("/"):
        return written
    host, separator, port = written.rpartition(":")
    if not separator:
        return written, SYSLOG_PORT
    return host, int(port)
