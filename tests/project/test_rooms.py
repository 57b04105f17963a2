"""The plan of the house: imports point down, rooms keep to themselves, and names are searchable."""

import ast
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

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


OF_SEVERAL_MODULES = {
    "tests/items": {"every_page", "figures_of_random_years", "hostile_texts", "links"},
    "tests/items/access": {"every_page_asks"},
    "tests/items/admin": {"back_office", "every_change", "past", "year_and_plan"},
    "tests/items/backup": {"drill", "passkeys_kept"},
    "tests/items/exchange": {"round_trip", "succession_files"},
    "tests/items/exchange/spreadsheets": {"hostile", "properties", "struck"},
    "tests/items/management": {"unmigrated_database"},
    "tests/items/views": {
        "closed_pages",
        "flags_page",
        "queries_of_reporting",
        "reasons",
        "two_tabs",
    },
    "tests/items/workflow": {"account_doors", "created_at_once", "every_verb"},
    "tests/items/worklists": {"counts_agree"},
    "tests/reports": {"plain_count"},
}
"""{folder: tests of what several of its modules do together}, without `test_` and `.py`."""


def module_folder(folder):
    """The dotted name under which the modules lie whose tests lie in this folder."""
    room = ".".join(folder.relative_to("tests").parts)
    # Commands lie a folder deeper, where Django looks for them.
    return "items.management.commands" if room == "items.management" else room


def names_of_modules(room, modules):
    """How the tests of a room may begin: with a module of it, or with the room itself."""
    return {name.rpartition(".")[2] for name in modules if name.rpartition(".")[0] == room} | {
        room.rpartition(".")[2]
    }


def has_the_name_of_a_module(name, modules):
    return any(name == module or name.startswith(f"{module}_") for module in modules)


def named_after_no_module(paths, modules):
    """Which tests of our apps, as paths from the top, are named after no module of theirs."""
    nameless = []
    for path in paths:
        name = path.stem.removeprefix("test_")
        folder = path.parent
        beginnings = names_of_modules(module_folder(folder), modules)
        if name in OF_SEVERAL_MODULES.get(folder.as_posix(), set()):
            continue
        if not has_the_name_of_a_module(name, beginnings):
            nameless.append(path.as_posix())
    return nameless


def files_of_our_tests():
    for app in rooms.APPS:
        for path in sorted((ROOT / "tests" / app).rglob("test_*.py")):
            yield path.relative_to(ROOT)


def test_a_test_file_begins_with_the_name_of_its_module():
    """Whoever changes a module finds its tests by its name, in the folder that lies as it does."""
    assert named_after_no_module(files_of_our_tests(), MODULES) == []


def test_what_stands_as_of_several_modules_is_there_and_has_no_modules_name():
    for folder, names in OF_SEVERAL_MODULES.items():
        beginnings = names_of_modules(module_folder(Path(folder)), MODULES)
        for name in names:
            assert (ROOT / folder / f"test_{name}.py").is_file()
            assert not has_the_name_of_a_module(name, beginnings)


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


def test_a_test_that_is_named_after_no_module_is_found():
    modules = {"items.models": None, "items.models.plan": None, "items.plan_lines": None}
    named = ("test_plan.py", "test_plan_of_two.py", "test_models.py")
    nameless = ("test_plans.py", "test_words.py")
    paths = [Path("tests/items/models", name) for name in (*named, *nameless)]
    # A name that only goes on as a module's does is none of its tests.
    assert named_after_no_module(paths, modules) == [
        "tests/items/models/test_plans.py",
        "tests/items/models/test_words.py",
    ]
