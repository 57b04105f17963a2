"""The plan of the house: imports point down, rooms keep to themselves, and names are searchable."""

import ast
from collections import defaultdict

import pytest

from dev_tools import rooms
from dev_tools.terminal import ROOT

MODULES = rooms.modules()
IMPORTS = rooms.all_imports(MODULES)

COMMON_NAMES = {"Meta", "Command", "Migration"}
"""Django looks for classes of these names."""


def imports_of(room):
    return [one for one in IMPORTS if rooms.room_of(one.importer) == room]


def test_every_module_has_a_room():
    homeless = [name for name in MODULES if rooms.room_of(name) not in rooms.FLOOR_OF_ROOM]
    assert set(homeless) <= {"items", "items.exchange"}


def test_no_import_points_up():
    upwards = {str(one) for one in IMPORTS if rooms.points_up(one)}
    assert upwards == set()


def test_no_modules_import_one_another_in_a_circle():
    assert rooms.circles(IMPORTS) == []


def leaving(room):
    """Imports of the room's modules from elsewhere in our code."""
    return [one for one in imports_of(room) if rooms.room_of(one.imported) != room]


def test_no_view_imports_a_view():
    between = {str(one) for one in imports_of("items.views") if one not in leaving("items.views")}
    assert between == set()


def test_spreadsheets_know_nothing_of_ours_but_invisible_characters():
    outside = {one.imported for one in leaving("items.exchange.spreadsheets")}
    assert outside <= {"items.characters"}


def test_the_reader_of_the_official_table_knows_no_models():
    models = [
        one
        for one in imports_of("items.exchange.plan_table")
        if rooms.room_of(one.imported) == "items.models"
    ]
    assert [str(one) for one in models] == []


def class_names():
    """{name: the files that define such a class}, of code and tests."""
    places = defaultdict(list)
    for folder in (*rooms.APPS, "dev_tools", "benchmarks", "tests"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.ClassDef) and node.name not in COMMON_NAMES:
                    places[node.name].append(str(path.relative_to(ROOT)))
    return places


def test_a_class_name_stands_once_in_the_code():
    twice = {name for name, files in class_names().items() if len(files) > 1}
    assert twice == set()


@pytest.mark.parametrize(
    "path", sorted((ROOT / "tests").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT))
)
def test_no_test_imports_another_test_module_or_a_conftest(path):
    """Helpers are modules without test_; fixtures are found by their names."""
    imported = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            imported += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            imported += [f"{node.module}.{alias.name}" for alias in node.names]
    for name in imported:
        parts = name.split(".")
        if parts[0] == "tests":
            assert not [part for part in parts if part == "conftest" or part.startswith("test_")]


# The checks themselves: on a made-up house, each finds what it is for.


def house(tmp_path, **files):
    for name, text in files.items():
        path = tmp_path.joinpath(*name.split("__")).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return rooms.all_imports(rooms.modules(tmp_path))


def test_an_import_that_points_up_is_seen_also_inside_a_function(tmp_path):
    imports = house(
        tmp_path,
        items__models__plan="def late():\n    from items.views import home\n",
        items__views__home="from items.models import plan\n",
    )
    assert [str(one) for one in imports if rooms.points_up(one)] == [
        "items.models.plan → items.views.home"
    ]
    assert rooms.circles(imports) == [["items.models.plan", "items.views.home"]]


def test_an_import_for_annotations_alone_is_none(tmp_path):
    imports = house(
        tmp_path,
        items__models__plan="if TYPE_CHECKING:\n    from items.views import home\n",
        items__views__home="",
    )
    assert imports == []


def test_an_import_between_rooms_of_one_floor_is_seen(tmp_path):
    imports = house(tmp_path, items__views__home="import items.admin.plan\n", items__admin__plan="")
    assert [rooms.points_up(one) for one in imports] == [True]
