"""The plan of the house: imports point down, rooms keep to themselves, and names are searchable."""

import ast
import re
from collections import defaultdict
from functools import cache

from dev_tools import rooms
from dev_tools.terminal import ROOT

MODULES = rooms.modules()

CLASS = re.compile(r"^\s*class\s+(\w+)\s*[(:\[]", re.MULTILINE)
COMMON_NAMES = {"Meta", "Command", "Migration", "DatabaseWrapper"}
"""Django looks for classes of these names."""


@cache
def our_imports():
    """Every import in our code, read when the first test asks: to collect this file is cheap."""
    return rooms.all_imports(MODULES)


@cache
def syntax_of(path):
    return ast.parse(path.read_text("utf-8"))


def imports_of(room):
    return [one for one in our_imports() if rooms.room_of(one.importer) == room]


def test_every_module_has_a_room():
    homeless = [name for name in MODULES if rooms.room_of(name) not in rooms.FLOOR_OF_ROOM]
    assert set(homeless) <= {"items", "items.exchange"}


def test_no_import_points_up():
    upwards = {str(one) for one in our_imports() if rooms.points_up(one)}
    assert upwards == set()


def test_no_modules_import_one_another_in_a_circle():
    assert rooms.circles(our_imports()) == []


def leaving(room):
    """Imports of the room's modules from elsewhere in our code."""
    return [one for one in imports_of(room) if rooms.room_of(one.imported) != room]


def test_no_view_imports_a_view():
    inside = set(imports_of("items.views")) - set(leaving("items.views"))
    assert {str(one) for one in inside} == set()


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
            for name in CLASS.findall(path.read_text("utf-8")):
                if name not in COMMON_NAMES:
                    places[name].append(str(path.relative_to(ROOT)))
    return places


def test_a_class_name_stands_once_in_the_code():
    twice = {name for name, files in class_names().items() if len(files) > 1}
    assert twice == set()


def imported_by(path):
    """The dotted names that a file imports."""
    for node in ast.walk(syntax_of(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield f"{node.module}.{alias.name}"


def is_for_pytest_alone(name):
    """Whether the name is, or lies in, a test module or a conftest."""
    parts = name.split(".")
    if parts[0] != "tests":
        return False
    return any(part == "conftest" or part.startswith("test_") for part in parts)


def test_no_test_imports_another_test_module_or_a_conftest():
    """Helpers are modules without test_; fixtures are found by their names."""
    paths = sorted((ROOT / "tests").rglob("*.py"))
    assert len(paths) > 200
    wrong = []
    for path in paths:
        for name in imported_by(path):
            if is_for_pytest_alone(name):
                wrong.append((str(path.relative_to(ROOT)), name))
    assert wrong == []


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
