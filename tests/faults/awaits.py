"""Mark each await of the kernel's modules as they are imported, so that a process can die there.

The kernel itself has no hooks. In a process that calls `mark`, the modules of `WAY` are compiled
with each `await X` as `await reached(name, lambda: X)`, and likewise each `async for`; nothing is
written to disk. A name is `Class.function: what is awaited`, with a number where it repeats; what
is awaited in a transaction of the store is named after the work of that transaction as well.
"""

import ast
import asyncio
import importlib.machinery
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from importlib.abc import MetaPathFinder
from types import CodeType, ModuleType
from typing import Any
from weakref import WeakKeyDictionary

WAY = (
    "shared.service.service",
    "shared.service.claiming",
    "shared.service.commands",
    "shared.service.jobs",
    "shared.service.relay",
    "shared.service.worker",
    "shared.service.reactions",
    "shared.service.followed",
    "shared.store.claims",
    "shared.store.aggregates",
    "shared.store.outbox",
    "shared.store.inbox",
    "shared.store.job_rows",
    "shared.store.checkpoints",
    "shared.store.following",
    "shared.store.projection",
    "shared.store.database",
    "shared.store.parking",
    "shared.store.generations",
    "shared.store.versions",
    "shared.messaging.producer",
    "shared.messaging.consumer",
)
TRANSACTIONS = ("archive", "commit", "drain", "register")
"""The functions that run the transactions: removal, batch, reactions, a version that consumes."""
UNDER_WAY_SECONDS = 0.002


class Chosen:
    """The await at which this process is to die, if any, and the awaits it has passed so far."""

    name = ""
    when = ""
    armed = False
    signal = signal.SIGKILL
    number = 0
    passed: set[str] = set()
    outer: set[str] = set()
    entered: "WeakKeyDictionary[Any, int]" = WeakKeyDictionary()
    report: Callable[[], None] = staticmethod(lambda: None)


def die_at(name: str, when: str, report: Callable[[], None], number: int = signal.SIGKILL) -> None:
    """Get this signal at this await, once, when armed; `report` comes first.

    `when` is `before` it, while it is `under way` or `after` it.
    """
    Chosen.name, Chosen.when, Chosen.report, Chosen.signal = (
        name,
        when,
        report,
        signal.Signals(number),
    )


def die_at_number(number: int) -> None:
    """Get SIGKILL before the await of this number, counted from 1; never for 0."""
    Chosen.number = number


def arm() -> None:
    """Let the chosen await count from now on."""
    Chosen.armed = True


def passed() -> list[str]:
    """Return the awaits that this process has passed, without those that only wait for others."""
    return sorted(Chosen.passed - Chosen.outer)


async def reached(name: str, begin: Callable[[], Awaitable[Any]]) -> Any:
    """Await what `begin` begins, unless this process is to die here."""
    name = _in_transaction(name)
    outer = _enter()
    _die(name, "before")
    begun = begin()
    if Chosen.armed and (name, "under way") == (Chosen.name, Chosen.when):
        await _begin(begun)
        _die(name, "under way")
    result = await begun
    (Chosen.outer if outer() else Chosen.passed).add(name)
    # Nothing found is nothing done: the loops ask over and over.
    if result not in ([], {}):
        _die(name, "after")
    return result


async def each(name: str, begin: Callable[[], AsyncIterator[Any]]) -> AsyncIterator[Any]:
    """Iterate over `begin`, unless this process is to die here; `after` is after the last item."""
    name = _in_transaction(name)
    _enter()
    _die(name, "before")
    found = False
    async for item in begin():
        found = True
        yield item
    Chosen.passed.add(name)
    if found:
        _die(name, "after")


def wrap(owner: Any, function: str) -> None:
    """Make a point of a function without an await, which the client calls on its own thread."""
    name, inner = f"{owner.__name__}.{function}", getattr(owner, function)

    def around(*arguments: Any, **named: Any) -> Any:
        _die(name, "before")
        result = inner(*arguments, **named)
        Chosen.passed.add(name)
        _die(name, "after")
        return result

    setattr(owner, function, around)


def _enter() -> Callable[[], bool]:
    # Whether another marked await was entered by the same task since: then this one only waits for
    # that one, and its end is that one's end.
    task = asyncio.current_task()
    mine = Chosen.entered[task] = Chosen.entered.get(task, 0) + 1
    return lambda: Chosen.entered[task] > mine


async def _begin(begun: Awaitable[Any]) -> None:
    task = asyncio.ensure_future(begun)
    await asyncio.sleep(0)
    time.sleep(UNDER_WAY_SECONDS)  # noqa: ASYNC251 - other threads send it now, and this one does nothing else
    task.add_done_callback(lambda _: None)


def _die(name: str, when: str) -> None:
    if when == "before":
        Chosen.number -= 1
        if Chosen.number == 0:
            os.kill(os.getpid(), signal.SIGKILL)
    if Chosen.armed and (name, when) == (Chosen.name, Chosen.when):
        Chosen.armed = False
        Chosen.report()
        os.kill(os.getpid(), Chosen.signal)


def _in_transaction(name: str) -> str:
    if not name.startswith(("Database.transaction", "_once")):
        return name
    frame = sys._getframe(1)
    while frame.f_back is not None:
        frame = frame.f_back
        if frame.f_code.co_name in TRANSACTIONS:
            return f"{frame.f_code.co_qualname.partition('.<')[0]} > {name}"
    return name


class _Finder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname not in WAY:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path)
        assert spec is not None
        assert spec.origin is not None
        spec.loader = _Loader(fullname, spec.origin)
        return spec


class _Loader(importlib.machinery.SourceFileLoader):
    def get_code(self, fullname: str) -> CodeType:
        # Past the cache, both ways: what is marked must never be found by anybody else.
        text = self.get_data(self.path)
        tree = ast.fix_missing_locations(_Marking().visit(ast.parse(text)))
        return compile(tree, self.path, "exec", dont_inherit=True)

    def exec_module(self, module: ModuleType) -> None:
        module.__dict__.update(__reached__=reached, __each__=each)
        super().exec_module(module)


class _Marking(ast.NodeTransformer):
    def __init__(self) -> None:
        self._within: list[str] = []
        self._seen: Counter[str] = Counter()

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return self._inside(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._inside(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self._inside(node)

    def visit_Await(self, node: ast.Await) -> ast.AST:
        self.generic_visit(node)
        node.value = self._marked("__reached__", node.value)
        return node

    def visit_AsyncFor(self, node: ast.AsyncFor) -> ast.AST:
        self.generic_visit(node)
        node.iter = self._marked("__each__", node.iter)
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        self.generic_visit(node)
        if node.is_async:
            node.iter = self._marked("__each__", node.iter)
        return node

    def _inside(self, node: Any) -> ast.AST:
        self._within.append(node.name)
        self.generic_visit(node)
        self._within.pop()
        return node  # type: ignore[no-any-return]  # the node that was given

    def _marked(self, function: str, awaited: ast.expr) -> ast.Call:
        what = ast.unparse(awaited.func if isinstance(awaited, ast.Call) else awaited)
        name = f"{'.'.join(self._within)}: {what}"
        self._seen[name] += 1
        if self._seen[name] > 1:
            name = f"{name} {self._seen[name]}"
        nothing = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
        begin = ast.Lambda(args=nothing, body=awaited)
        return ast.Call(
            func=ast.Name(id=function, ctx=ast.Load()),
            args=[ast.Constant(value=name), begin],
            keywords=[],
        )


def mark() -> None:
    """Mark the modules of `WAY`. Raises `RuntimeError` if any is imported already."""
    early = [module for module in WAY if module in sys.modules]
    if early:
        raise RuntimeError(f"too late to mark {early}")
    sys.meta_path.insert(0, _Finder())
