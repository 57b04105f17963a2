#!/usr/bin/env python3
"""One command for everything, from an empty copy: python3 dev.py run | setup | test | lint | …

Standard library only, and it also works on Windows. It makes .venv, installs the locked
requirements when the lock has changed, and goes on; no virtual environment has to be active and
no service has to run. The commands are in dev_tools/.
"""

from __future__ import annotations

import signal
import sys


def main(arguments: list[str] | None = None) -> int:
    for stream in (sys.stdout, sys.stderr):
        # The terminals of older Windows cannot print every Chinese character.
        stream.reconfigure(errors="replace", line_buffering=True)
    if sys.version_info < (3, 11):  # noqa: UP036 - an older Python learns it from this file
        print("需要 Python 3.11 以上。", file=sys.stderr)
        return 1
    # Only now: an older Python could not even read these modules.
    from dev_tools.commands import parser
    from dev_tools.terminal import Problem

    stop_on_signals()
    options = parser().parse_args(arguments)
    try:
        return options.command(options)
    except Problem as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def stop_on_signals() -> None:
    """Leave by an exception, so that servers and programs that were started are stopped."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is None or signal.getsignal(number) == signal.SIG_IGN:
            continue  # ignored already: nohup has asked for that
        signal.signal(number, leave)


def leave(number: int, _: object) -> None:
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
