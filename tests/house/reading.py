"""Every module of ours, parsed once for all house tests."""

import ast
import io
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
HOMES = ("services", "shared", "gelar", "deploy", "demo", "benchmarks", "tests")
LOG_LEVELS = {"debug", "info", "warning", "error", "critical", "exception"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, kw_only=True)
class Module:
    """The parts that the house tests look at; a line and its text are a pair."""

    path: str
    text: str
    docstring: str
    docstrings: list[tuple[int, str]]
    comments: list[tuple[int, str]]
    functions: list[tuple[int, str, int]]
    """Line, name and length in lines."""
    classes: list[str]
    top_classes: list[str]
    variables: list[tuple[int, str]]
    log_events: list[str]

    @property
    def prose(self) -> list[tuple[int, str]]:
        """Line and text of every docstring and comment."""
        return self.docstrings + self.comments


@cache
def modules() -> list[Module]:
    """Read every module of ours."""
    return [_read(path) for home in HOMES for path in sorted((ROOT / home).rglob("*.py"))]


def _read(path: Path) -> Module:
    text = path.read_text()
    tree = ast.parse(text)
    nodes = list(ast.walk(tree))
    functions = [node for node in nodes if isinstance(node, Function)]
    classes = [node for node in nodes if isinstance(node, ast.ClassDef)]
    return Module(
        path=str(path.relative_to(ROOT)),
        text=text,
        docstring=ast.get_docstring(tree) or "",
        docstrings=[
            (getattr(node, "lineno", 1), said)
            for node in [tree, *classes, *functions]
            if (said := ast.get_docstring(node))
        ],
        comments=list(_comments(text)),
        functions=[
            (node.lineno, node.name, (node.end_lineno or 0) - node.lineno + 1) for node in functions
        ],
        classes=[node.name for node in classes],
        top_classes=[node.name for node in tree.body if isinstance(node, ast.ClassDef)],
        variables=[(node.lineno, node.id) for node in nodes if isinstance(node, ast.Name)]
        + [(node.lineno, node.arg) for node in nodes if isinstance(node, ast.arg)],
        log_events=list(_log_events(nodes)),
    )


def _comments(text: str) -> Iterator[tuple[int, str]]:
    if "#" in text:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string


def _log_events(nodes: list[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in LOG_LEVELS
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "log"
            and isinstance(node.args[0], ast.Constant)
        ):
            yield str(node.args[0].value)
