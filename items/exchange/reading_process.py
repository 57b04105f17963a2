"""The process in which one large file is read; started by `items.exchange.reading` alone.

    python -m items.exchange.reading_process < call > outcome

Both are pickles: a function with its arguments, and what it returned or its `Refused`. The
settings are those of the service, by its environment.
"""

import os
import pickle
import sys

import django

MOST_MEMORY = 600 * 1024 * 1024
"""Addresses in bytes. The costliest file takes half of them, and the program itself a quarter."""
MOST_PROCESSOR_SECONDS = 30
LOWER_PRIORITY = 3
TOO_MUCH = 3
"""The exit status where the memory is used up."""


def main() -> int:
    """The exit status."""
    limit_this_process()
    # Only the outcome may go there, whatever prints.
    outcome_stream = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    call = sys.stdin.buffer.read()
    django.setup()
    # Only now: these are Django's models, too.
    from items.exchange.spreadsheets.refused import Refused

    read, arguments, options = pickle.loads(call)
    del call
    try:
        outcome = read(*arguments, **options)
    except Refused as refusal:
        outcome = refusal
    except MemoryError:
        return TOO_MUCH
    with outcome_stream:
        pickle.dump(outcome, outcome_stream, pickle.HIGHEST_PROTOCOL)
    return 0


def limit_this_process() -> None:
    """Bound memory and time, and let requests go first; Windows has none of these."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_PROCESSOR_SECONDS, MOST_PROCESSOR_SECONDS))
    os.nice(LOWER_PRIORITY)


if __name__ == "__main__":
    sys.exit(main())
