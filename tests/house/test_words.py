"""Plain words as failing tests: the messages say what to write instead."""

import ast
import io
import re
import tokenize
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.house.test_house import ROOT, modules

OPENINGS = re.compile(r"(What|Who|Whether|How|Where)\b")
WORDS = re.compile(
    r"\b(anew|meanwhile|nobody|somebody|whoever|told|heard|so much|mend(s|ed|ing)?)\b",
    re.IGNORECASE,
)
QUOTED = re.compile(r"`[^`]*`|\"[^\"]*\"")
"""Codes and names keep their words: `not-heard-yet`."""
PLAIN = (
    "benchmarks",
    "deploy",
    "gelar",
    "services/budget",
    "services/registration",
    "services/reporting",
    "services/selection",
    "shared",
    "tests/budget",
    "tests/contracts",
    "tests/faults",
    "tests/gelar",
    "tests/house",
    "tests/http",
    "tests/journey",
    "tests/kernel",
    "tests/local",
    "tests/models",
    "tests/reporting",
    "tests/selection",
    "tests/shared",
)
"""The rooms that are written in plain words."""
LOG_LEVELS = {"debug", "info", "warning", "error", "critical", "exception"}


def docstrings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and text of every docstring of a module."""
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(tree):
        if isinstance(node, kinds) and (text := ast.get_docstring(node)):
            yield getattr(node, "lineno", 1), text


def prose(text: str) -> Iterator[tuple[int, str]]:
    """Line and text of every docstring and comment of a module."""
    yield from docstrings(ast.parse(text))
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def plain_modules() -> Iterator[tuple[str, str]]:
    """Yield path and text of every module of the plain rooms."""
    return ((path, text) for path, text in modules() if path.startswith(PLAIN))


def test_docstrings_have_a_subject_or_an_imperative() -> None:
    bad = [
        f"{path}:{line} {sentence[:40]}"
        for path, text in plain_modules()
        for line, sentence in docstrings(ast.parse(text))
        if OPENINGS.match(sentence)
    ]
    assert not bad, f"say who does what ('Return the …', 'The relay publishes …'): {bad}"


def test_words_are_plain() -> None:
    bad = [
        f"{path}:{line} {found[0]}"
        for path, text in plain_modules()
        for line, sentence in prose(text)
        if (found := WORDS.search(QUOTED.sub("", sentence)))
    ]
    assert not bad, f"use the field's words (reported, received, again, no process …): {bad}"


def test_no_variable_is_called_one() -> None:
    bad = [
        f"{path}:{node.lineno}"
        for path, text in plain_modules()
        for node in ast.walk(ast.parse(text))
        if (isinstance(node, ast.Name) and node.id == "one")
        or (isinstance(node, ast.arg) and node.arg == "one")
    ]
    assert not bad, f"name the thing (event, row, subject …): {bad}"


def test_a_class_name_exists_once_in_shared() -> None:
    homes: dict[str, list[str]] = defaultdict(list)
    for path, text in modules():
        if path.startswith("shared/"):
            for node in ast.parse(text).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    homes[node.name].append(path)
    twice = {name: paths for name, paths in homes.items() if len(paths) > 1}
    assert not twice, f"one word, one meaning: {twice}"


def test_log_events_are_in_the_list() -> None:
    listed = set(re.findall(r"^\| `([^`]+)` \|", (ROOT / "docs/logs.md").read_text(), re.MULTILINE))
    logged = {
        event
        for path, text in modules()
        if Path(path).parts[0] in ("shared", "services", "gelar")
        for event in log_events(ast.parse(text))
    }
    assert logged == listed, "docs/logs.md lists every log event, with its meaning"


def log_events(tree: ast.Module) -> Iterator[str]:
    """Yield the static message of every log line of a module."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in LOG_LEVELS
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "log"
            and isinstance(node.args[0], ast.Constant)
        ):
            yield str(node.args[0].value)
