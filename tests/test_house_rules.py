"""What a linter cannot say about how this house is built."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.utils import translation

ROOT = Path(__file__).parent.parent
CODE = sorted(p for p in (ROOT / "tocsin").rglob("*.py") if "migrations" not in p.parts)
BENCH = sorted((ROOT / "bench").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
EVERYTHING = [p for p in [*CODE, *BENCH, *TESTS] if p.read_text(encoding="utf-8").strip()]

LINES_A_FILE = 400
LINES_A_FUNCTION = 50
EMPTY_NAMES = {
    "base", "common", "core", "data", "handlers", "helpers", "info", "managers", "misc",
    "processors", "services", "shortcuts", "util", "utils",
}  # fmt: skip
EMPTY_WORDS = re.compile(r"(Manager|Handler|Processor|Service|Util|Helper|Info|Data)$")
LIBRARY_CLASSES = {"MailHandler"}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("path", EVERYTHING, ids=name_of)
def test_a_file_opens_with_one_sentence(path: Path) -> None:
    words = ast.get_docstring(tree_of(path))
    assert words, "a file says in its first line what is in it"
    first = words.splitlines()[0]
    assert first.endswith((".", "?", "!")), first
    assert len(first) <= 100


@pytest.mark.parametrize("path", EVERYTHING, ids=name_of)
def test_a_file_is_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LINES_A_FILE


@pytest.mark.parametrize("path", EVERYTHING, ids=name_of)
def test_a_function_is_short(path: Path) -> None:
    long = {
        node.name: length
        for node in functions(path)
        if (length := (node.end_lineno or 0) - node.lineno + 1) > LINES_A_FUNCTION
    }
    assert long == {}


@pytest.mark.parametrize("path", [*CODE, *BENCH], ids=name_of)
def test_a_name_says_something(path: Path) -> None:
    assert not {path.stem, *path.parent.relative_to(ROOT).parts} & EMPTY_NAMES
    classes = {node.name for node in ast.walk(tree_of(path)) if isinstance(node, ast.ClassDef)}
    assert {name for name in classes - LIBRARY_CLASSES if EMPTY_WORDS.search(name)} == set()


@pytest.mark.parametrize("path", [*CODE, *BENCH], ids=name_of)
def test_what_others_call_is_explained(path: Path) -> None:
    silent = [
        node.name
        for node in tree_of(path).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


ASKS_THE_CLOCK = {
    "tocsin/stations.py",  # the edge where the worker comes in
    "tocsin/pages/",  # the edge where visitors come in
    "tocsin/api/",  # the edge where other machines come in
    "tocsin/demo/",  # a supervisor waits for real things
    "tocsin/management/",
    "tocsin/readers/ceremony.py",  # the edge where keys are made, on a machine of their own
}


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_the_time_is_an_argument(path: Path) -> None:
    if name_of(path).startswith(tuple(ASKS_THE_CLOCK)):
        return
    asked = [
        f"{node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).endswith(("timezone.now", "datetime.now", "date.today"))
    ]
    assert asked == []


@pytest.mark.parametrize("path", TESTS, ids=name_of)
def test_no_test_sleeps(path: Path) -> None:
    naps = [
        node.lineno
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"time.sleep", "sleep"}
    ]
    assert naps == []


@pytest.mark.parametrize("path", TESTS, ids=name_of)
def test_a_test_is_a_sentence(path: Path) -> None:
    names = [node.name for node in functions(path) if node.name.startswith("test_")]
    assert [name for name in names if name.count("_") < 3] == []


def layers() -> list[list[str]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    rows = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    return [[name.strip() for name in row.split("|")] for row in rows]


def test_foreign_keys_point_down() -> None:
    height = {name: -number for number, row in enumerate(layers()) for name in row}
    upward = []
    for model in apps.get_app_config("tocsin").get_models():
        own = model.__module__.split(".")[1]
        for field in model._meta.get_fields():
            other = field.related_model
            if not (field.concrete and isinstance(other, type)):
                continue
            package = other.__module__.split(".")
            if package[0] != "tocsin" or package[1] == own:
                continue
            if height[package[1]] >= height[own]:
                upward.append(f"{model.__name__}.{field.name} -> {other.__name__}")
    assert upward == []


def test_every_noun_has_its_word_in_the_glossary() -> None:
    glossary = (ROOT / "docs/glossary.md").read_text(encoding="utf-8").lower()
    with translation.override("en"):
        nouns = [str(m._meta.verbose_name) for m in apps.get_app_config("tocsin").get_models()]
    assert [noun for noun in nouns if f"| {noun} |" not in glossary] == []


def test_every_command_and_setting_is_in_the_operating_manual() -> None:
    manual = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
    commands = [p.stem for p in (ROOT / "tocsin/management/commands").glob("[a-z]*.py")]
    commands += ["serve", "demo"]
    settings = (ROOT / "tocsin/settings.py").read_text(encoding="utf-8")
    variables = re.findall(r'read(?:_number)?\("([A-Z_]+)"', settings)
    assert [name for name in commands if f"`tocsin {name}" not in manual] == []
    assert [name for name in variables if f"`{name}`" not in manual] == []


def test_there_is_at_least_as_much_test_as_code() -> None:
    def lines(paths: list[Path]) -> int:
        return sum(len(p.read_text(encoding="utf-8").splitlines()) for p in paths)

    assert lines(TESTS) >= lines(CODE)
