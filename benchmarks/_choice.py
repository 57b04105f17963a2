"""What somebody asked `dev.py bench` to measure: everything, or one page at one size."""

import argparse
from dataclasses import dataclass

from dev_tools.bench_options import ENGINES


@dataclass(frozen=True)
class Choice:
    """Nothing named means everything."""

    modules: tuple[str, ...] = ()
    engines: tuple[str, ...] = tuple(ENGINES.values())
    sizes: tuple[int, ...] = ()
    pages: tuple[str, ...] = ()
    seconds: int | None = None
    """How long `load` goes on; its own ten minutes where nothing is said."""

    @classmethod
    def of(cls, options: argparse.Namespace) -> "Choice":
        engines = tuple(ENGINES.values())
        if options.engine:
            engines = (ENGINES[options.engine],)
        return cls(
            modules=tuple(options.only),
            engines=engines,
            sizes=tuple(options.size),
            pages=tuple(options.page),
            seconds=options.seconds,
        )

    def has_module(self, name: str) -> bool:
        return not self.modules or name in self.modules
