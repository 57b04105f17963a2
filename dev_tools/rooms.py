"""The rooms of the code and the imports between them; tests/project/test_rooms.py holds them.

`python3 dev.py rooms` prints the graph: floors from top to bottom, and which room imports which.
"""

import ast
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dev_tools.terminal import ROOT, say

APPS = ("items", "reports", "plan_tracker")

FLOORS = (
    ("reports",),
    ("items.urls",),
    (
        "items.views",
        "items.admin",
        "items.management",
        "items.back_office",
        "items.context_processors",
        "items.middleware",
        "items.templatetags",
    ),
    ("items.review_lists", "items.second_factor_pages"),
    (
        "items.attaching",
        "items.reminder_sending",
        "items.deciding",
        "items.demonstration",
        "items.downloading",
        "items.navigation",
        "items.saying",
        "items.signing_in",
        "items.uploading",
    ),
    ("items.worklists", "items.exchange.offline", "items.exchange.plan_export"),
    ("items.forms",),
    ("items.exchange.plan_import",),
    (
        "items.exchange.plan_table",
        "items.exchange.departments",
        "items.exchange.reading",
        "items.exchange.uploads",
    ),
    ("items.exchange.reading_process", "items.exchange.turns"),
    (
        "items.exchange.columns",
        "items.exchange.spreadsheets",
        "items.exchange.garbage_collection",
        "items.exchange.memory",
        "items.exchange.preview_figure",
        "items.exchange.sealed",
    ),
    ("items.backup", "items.workflow"),
    (
        "items.filters",
        "items.plan_lines",
        "items.requests",
        "items.row_window",
    ),
    ("items.plan_search",),
    ("items.access", "items.action_merging", "items.part_content"),
    (
        "items.account_backend",
        "items.plan_content",
        "items.password_history",
        "items.session_store",
    ),
    ("items.models",),
    (
        "items.apps",
        "items.day_words",
        "items.deadline_ranges",
        "items.evidence",
        "items.fields",
        "items.listed_actions",
        "items.roc_month",
        "items.written_deadline",
    ),
    ("items.roc_deadline",),
    (
        "items.autocomplete",
        "items.choice_lists",
        "items.deadline_problems",
        "items.diff",
        "items.first_names",
        "items.lights",
        "items.percents",
        "items.plan_merging",
        "items.roc",
        "items.roc_deadline_patterns",
        "items.search",
        "plan_tracker",
    ),
    ("items.characters",),
)
"""From top to bottom. A room may import rooms of lower floors only, so that no circle can arise."""


@dataclass(frozen=True)
class Import:
    """One module that imports another one of ours."""

    importer: str
    imported: str

    @property
    def rooms(self) -> tuple[str, str]:
        return room_of(self.importer), room_of(self.imported)

    def __str__(self) -> str:
        return f"{self.importer} → {self.imported}"


def modules(root: Path = ROOT) -> dict[str, Path]:
    """{dotted name: file} of our apps, without migrations."""
    named = {}
    for app in APPS:
        for path in sorted((root / app).rglob("*.py")):
            if "migrations" in path.parts:
                continue
            parts = list(path.relative_to(root).with_suffix("").parts)
            # A package is imported by the name of its folder.
            if parts[-1] == "__init__":
                parts.pop()
            named[".".join(parts)] = path
    return named


def all_imports(named: dict[str, Path]) -> list[Import]:
    """Every import of one of these modules in another, also inside of functions."""
    imports = set()
    for importer, path in named.items():
        tree = ast.parse(path.read_text("utf-8"))
        for imported in _imported_names(tree, named):
            if imported != importer:
                imports.add(Import(importer, imported))
    return sorted(imports, key=str)


def _imported_names(tree: ast.Module, named: dict[str, Path]) -> Iterator[str]:
    """The modules of ours that a file imports; of `from a import b`, a.b where that is one."""
    for node in _nodes_that_run(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name in named:
                    yield alias.name
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                submodule = f"{node.module}.{alias.name}"
                if submodule in named:
                    yield submodule
                elif node.module in named:
                    yield node.module


def _nodes_that_run(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node but those under `if TYPE_CHECKING:`, which are for annotations alone."""
    waiting = [tree]
    while waiting:
        for node in ast.iter_child_nodes(waiting.pop()):
            if _is_for_annotations(node):
                continue
            yield node
            waiting.append(node)


def _is_for_annotations(node: ast.AST) -> bool:
    if not isinstance(node, ast.If) or not isinstance(node.test, ast.Name):
        return False
    return node.test.id == "TYPE_CHECKING"


def room_of(module: str) -> str:
    """The longest room of FLOORS that the module lies in; its own name where there is none."""
    parts = module.split(".")
    while parts:
        name = ".".join(parts)
        if name in FLOOR_OF_ROOM:
            return name
        parts.pop()
    return module


FLOOR_OF_ROOM = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}


def points_up(one: Import) -> bool:
    """Whether an import leaves its room for one that is not on a lower floor."""
    importing, imported = one.rooms
    if importing == imported:
        return False
    return FLOOR_OF_ROOM[importing] >= FLOOR_OF_ROOM[imported]


def circles(imports: list[Import]) -> list[list[str]]:
    """Modules that import one another, directly or by way of others; each circle once, sorted."""
    targets = defaultdict(set)
    for one in imports:
        targets[one.importer].add(one.imported)
    reached = {}
    for module in list(targets):
        reached[module] = _reachable(module, targets)
    rings = set()
    for module, others in reached.items():
        if module not in others:
            continue
        # On its circle lie those from which one also comes back to it.
        ring = []
        for other in others:
            if module in reached.get(other, ()):
                ring.append(other)
        rings.add(tuple(sorted(ring)))
    return [list(ring) for ring in sorted(rings)]


def _reachable(start: str, targets: dict[str, set[str]]) -> set[str]:
    """The modules to which imports lead from `start`; itself only where they lead back."""
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        module = waiting.pop()
        for target in targets.get(module, ()):
            if target not in reached:
                reached.add(target)
                waiting.append(target)
    return reached


def show() -> None:
    """Print the floors from top to bottom, with the arrows of every room."""
    named = modules()
    sizes = Counter(room_of(module) for module in named)
    imports = all_imports(named)
    arrows = _arrows_between_rooms(imports)
    for number, rooms in enumerate(FLOORS):
        say(f"\nfloor {len(FLOORS) - number}")
        for room in rooms:
            targets = ", ".join(sorted(arrows[room])) or "nothing of ours"
            say(f"  {room} ({sizes[room]}) → {targets}")

    arrow_count = sum(len(targets) for targets in arrows.values())
    say(f"\n{len(named)} modules, {arrow_count} arrows between rooms")
    upwards = [str(one) for one in imports if points_up(one)]
    say(f"imports that point up: {_listed(upwards)}")
    rings = [" ↔ ".join(ring) for ring in circles(imports)]
    say(f"circles: {_listed(rings)}")


def _listed(things: list[str]) -> str:
    return "; ".join(things) or "none"


def _arrows_between_rooms(imports: list[Import]) -> dict[str, set[str]]:
    """{room: rooms that it imports}; what stays inside of a room is its own affair."""
    arrows: dict[str, set[str]] = defaultdict(set)
    for one in imports:
        importing, imported = one.rooms
        if importing != imported:
            arrows[importing].add(imported)
    return arrows
