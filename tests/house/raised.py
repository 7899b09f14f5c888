"""The codes of all refusals, found in the code: for the test that each has its sentences.

A code is an argument of a `Problem`, or of a function that passes it on (`refuse_or_ignore`), or
is made of one (`Unknown("rubric")`, `f"{noun}-repeated"`): its callers are followed. What cannot be
followed is listed in `EXPANDED`, with the codes that it stands for.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path

from services.budget.domain.allocation.numbers import Kind
from services.registration.domain.enterprise.identifiers import Identifiers
from shared.kernel.explanations import UNLISTED
from shared.kernel.four_eyes import PAIRS
from tests.house.reading import ROOT, Function

HOUSE = "shared"
"""The home of the codes that every service may answer."""

Codes = Mapping[str, frozenset[str]]
"""The codes by home: a service, or the house."""

TAKEN: Codes = {
    "registration": frozenset(
        f"{number.name.replace('_', '-')}-taken" for number in fields(Identifiers)
    )
    | {"document-number-taken"},
    "budget": frozenset(f"{kind}-taken" for kind in Kind),
}
EXPANDED: Mapping[tuple[str, str], Codes] = {
    ("shared/service/claiming.py", "f'{noun}-taken'"): TAKEN,
    ("shared/kernel/four_eyes.py", "pair.code"): {HOUSE: frozenset(pair.code for pair in PAIRS)},
    ("shared/http/problems.py", "f'http-{status}'"): {HOUSE: frozenset({UNLISTED})},
    # The process that reads the file has refused it; its own refusals are found where they stand.
    ("shared/files/apart.py", "answer['code']"): {},
    ("shared/tables/apart.py", "answer['code']"): {},
}
"""The codes of what is made at run time, by path and expression; add yours here."""


@dataclass(frozen=True)
class Raiser:
    """A class or function whose parameter becomes a code: `parameter` in `template`."""

    parameter: str
    position: int
    template: str = "{}"


@dataclass
class Found:
    """The codes of the whole house, and the expressions that could not be followed."""

    codes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    places: dict[tuple[str, str], str] = field(default_factory=dict)
    """By home and code."""
    unknown: set[tuple[str, str]] = field(default_factory=set)


@cache
def trees() -> Mapping[str, ast.Module]:
    """Return each module of the services, the library and the command line, by its path."""
    paths = [path for home in ("services", "shared", "gelar") for path in _modules(home)]
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text()) for path in paths}


@cache
def raised() -> Found:
    """Return the codes that are raised, by home, with a place of each."""
    return _Search().found


@dataclass(frozen=True)
class Call:
    """A call, and the class and function that it stands in."""

    path: str
    node: ast.Call
    cls: str | None
    function: Function | None

    @property
    def home(self) -> str:
        return home_of(self.path)


class _Search:
    def __init__(self) -> None:
        self.values = _values(trees())
        self.raisers = _problems(trees())
        self.found = Found()
        self.calls: dict[str, list[Call]] = defaultdict(list)
        for path, tree in trees().items():
            self._collect(path, tree, None, None)
        known = -1
        # A caller that passes its own parameter on is a raiser too: until no new one is found.
        while known != (known := sum(map(len, self.raisers.values()))):
            for name in list(self.raisers):
                for call in self.calls[name]:
                    self._call(call, self.raisers[name])

    def _collect(
        self, path: str, node: ast.AST, cls: str | None, function: Function | None
    ) -> None:
        for child in ast.iter_child_nodes(node):
            match child:
                case ast.ClassDef():
                    self._collect(path, child, child.name, None)
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    self._collect(path, child, cls, child)
                case _:
                    if isinstance(child, ast.Call):
                        name = self._name(child.func, cls)
                        self.calls[name].append(Call(path, child, cls, function))
                    self._collect(path, child, cls, function)

    def _name(self, called: ast.expr, cls: str | None) -> str:
        match called:
            case ast.Name(id=name):
                return name
            case ast.Attribute(attr="__init__") if cls in self.raisers and cls != "Problem":
                return "Problem"
            case ast.Attribute(attr=name):
                return name
            case _:
                return ""

    def _call(self, call: Call, raisers: Sequence[Raiser]) -> None:
        for raiser in tuple(raisers):
            if (expression := _argument(call.node, raiser)) is not None:
                self._follow(call, raiser.template, expression)

    def _follow(self, call: Call, template: str, expression: ast.expr) -> None:
        text, hole = _template(expression)
        text, name = template.format(text), ast.unparse(hole) if hole is not None else ""
        parameters = _parameters(call.function)
        if hole is None:
            self._note(call.home, text, call)
        elif (value := self.values[call.home].get(name)) is not None:
            self._note(call.home, text.format(value), call)
        elif call.function is not None and name in parameters:
            owner = call.function.name
            owner = call.cls if owner == "__init__" and call.cls else owner
            self._add(owner, Raiser(name, parameters.index(name), text))
        else:
            self._expand(call, ast.unparse(expression))

    def _expand(self, call: Call, expression: str) -> None:
        if (call.path, expression) not in EXPANDED:
            self.found.unknown.add((call.path, expression))
            return
        for home, codes in EXPANDED[call.path, expression].items():
            for code in codes:
                self._note(home, code, call)

    def _note(self, home: str, code: str, call: Call) -> None:
        self.found.codes[home].add(code)
        self.found.places.setdefault((home, code), f"{call.path}:{call.node.lineno}")

    def _add(self, owner: str, raiser: Raiser) -> None:
        # The base of all errors takes any code from its subclasses.
        if owner != "Problem" and raiser not in self.raisers[owner]:
            self.raisers[owner].append(raiser)


def home_of(path: str) -> str:
    """Return the service of a module, or the house."""
    return path.split("/")[1] if path.startswith("services/") else HOUSE


def _modules(home: str) -> Iterator[Path]:
    yield from sorted((ROOT / home).rglob("*.py"))


def _problems(trees: Mapping[str, ast.Module]) -> dict[str, list[Raiser]]:
    """Return a raiser of each class of `Problem` that takes a code itself."""
    classes = [
        node for tree in trees.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)
    ]
    found: dict[str, list[Raiser]] = defaultdict(list)
    found["Problem"] = [Raiser("code", 0)]
    known = 0
    while known != (known := len(found)):
        for node in classes:
            bases = [ast.unparse(base).rpartition(".")[2] for base in node.bases]
            parent = next((base for base in bases if base in found), None)
            if parent is not None and node.name not in found:
                own = any(getattr(item, "name", "") == "__init__" for item in node.body)
                found[node.name] = [] if own else list(found[parent])
    return found


def _values(trees: Mapping[str, ast.Module]) -> dict[str, dict[str, str]]:
    """Return the strings of constants (`NAME`, and `Kind.NAME` of an enumeration), by home.

    A name that has two values in a home is left out.
    """
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for home, name, value in _assignments(trees):
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            found[home, name].add(value.value)
    for home, name, value in _assignments(trees):
        if isinstance(value, ast.JoinedStr):
            text, hole = _template(value)
            parts = found.get((home, ast.unparse(hole)), ()) if hole is not None else ()
            found[home, name].update(text.format(part) for part in tuple(parts))
    values: dict[str, dict[str, str]] = defaultdict(dict)
    for (home, name), texts in found.items():
        if len(texts) == 1:
            values[home][name] = min(texts)
    return values


def _assignments(trees: Mapping[str, ast.Module]) -> Iterator[tuple[str, str, ast.expr]]:
    for path, tree in trees.items():
        for node in tree.body:
            items, prefix = [node], ""
            if isinstance(node, ast.ClassDef):
                items, prefix = node.body, f"{node.name}."
            for item in items:
                match item:
                    case ast.Assign(targets=[ast.Name(id=name)], value=value):
                        yield home_of(path), prefix + name, value
                    case _:
                        pass


def _argument(call: ast.Call, raiser: Raiser) -> ast.expr | None:
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    if raiser.parameter in named:
        return named[raiser.parameter]
    return call.args[raiser.position] if raiser.position < len(call.args) else None


def _template(expression: ast.expr) -> tuple[str, ast.expr | None]:
    """Return a text with `{}` for its hole, and the expression of the hole, if it has one."""
    match expression:
        case ast.Constant(value=str(code)):
            return code, None
        case ast.JoinedStr(values=parts):
            holes = [part.value for part in parts if isinstance(part, ast.FormattedValue)]
            texts = [str(part.value) if isinstance(part, ast.Constant) else "{}" for part in parts]
            return "".join(texts), holes[0] if len(holes) == 1 else expression
        case _:
            return "{}", expression


def _parameters(function: Function | None) -> list[str]:
    if function is None:
        return []
    names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    names = names[1:] if names[:1] in (["self"], ["cls"]) else names
    return names + [argument.arg for argument in function.args.kwonlyargs]
