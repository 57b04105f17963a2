"""The process in which one large file is read; started by `items.exchange.reading` alone.

    python -m items.exchange.reading_process < call > outcome

Both are pickles: a function with its arguments, and what it returned or its `Refused`. The
settings are those of the service, by its environment.
"""

import gc
import pickle
import sys

import django

from plan_tracker.bounded_process import (
    TOO_MUCH,
    end_at_once,
    limit_this_process,
    outcome_stream,
)

MOST_MEMORY = 600 * 1024 * 1024
"""Addresses in bytes. The costliest file takes half of them, and the program itself a quarter."""
MOST_PROCESSOR_SECONDS = 30


def main() -> int:
    """The exit status."""
    # Circles of garbage go with the process: to look for them is a tenth of its time.
    gc.disable()
    limit_this_process(most_memory=MOST_MEMORY, most_processor_seconds=MOST_PROCESSOR_SECONDS)
    answer = outcome_stream()
    call = sys.stdin.buffer.read()
    django.setup()
    # Only now: these are Django's models, too.
    from items.exchange.spreadsheets.refused import Refused

    read, arguments, options = pickle.loads(call)  # nosec B301
    del call
    try:
        outcome = read(*arguments, **options)
    except Refused as refusal:
        outcome = refusal
    except MemoryError:
        return TOO_MUCH
    with answer:
        pickle.dump(outcome, answer, pickle.HIGHEST_PROTOCOL)
    return 0


if __name__ == "__main__":
    end_at_once(main())
