"""Measurements against promised figures. Each module here has one function:

    def measure(choice: Choice) -> Iterable[BenchmarkFigure]   (benchmarks._choice, ._figure)

It runs with Django set up on an empty, migrated SQLite database of its own in a temporary folder.
"""
