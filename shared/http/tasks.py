"""The tasks of a caller: the commands that wait for its roles, each with its link.

A service declares its tasks as data; its route `GET /tasks` lists those of the caller's roles. A
task may be gone when the caller comes: the command then refuses, as it always would.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Any, Literal, NamedTuple
from urllib.parse import urlencode

from fastapi import Query

from shared.contracts.labels import Label
from shared.contracts.roles import Role
from shared.http.auth import Caller
from shared.http.refusals import enterprise_missing
from shared.http.responses import CURSOR_PARAMETER, After, Limit, coded
from shared.kernel.answers import Found
from shared.kernel.decider import Context, Decider, Origin
from shared.kernel.errors import Contradiction, Refused
from shared.kernel.view import Mirror, View
from shared.service import Service


def _none(state: Any) -> None:
    return None


def _always(state: Any, caller: Caller) -> bool:
    return True


async def _itself(service: Service, found: Found[Any]) -> Any:
    return found.state


def permitted(rule: Callable[[Any, Context], object]) -> Callable[[Any, Caller], bool]:
    """Return a `visible_to` that is true if this rule of four eyes refuses nothing to the caller.

    The rule may use the person and its enterprise, and nothing else of the context.
    """

    def visible_to(state: Any, caller: Caller) -> bool:
        context = Context(
            now=datetime.min, origin=Origin.PERSON, actor=caller.actor, enterprise=caller.enterprise
        )
        try:
            rule(state, context)
        except Refused:
            return False
        return True

    return visible_to


READ_AT_ONCE_MIN = 100
"""So many things are read at once, however few tasks are asked for: most may be others' tasks."""
Source = Decider[Any, Any, Any] | Mirror[Any, Any] | View[Any, Any]


@dataclass(frozen=True, kw_only=True)
class Related:
    """Things that belong to the one that a task waits on: those whose indexed fields are `equal`.

    In the values of `equal` the parts of that thing's id stand as `{first}` and `{second}`
    (`EXHIBITION.ENTERPRISE`), or as `{id}`.
    """

    source: Source
    equal: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Task:
    """A command that waits for a role, on each aggregate or view whose indexed fields are `equal`.

    `source` is the aggregate, or a mirror of it that is smaller. `href` is the path of the command,
    or with `method` GET of the query that lists what it is about; it has `{id}`, or its parts
    `{first}` and `{second}`. An `own` task waits only on aggregates of the caller's enterprise, and
    a task with an `actor_field` on those whose indexed field of that name has the caller.
    `visible_to` is false of an aggregate that this caller may not see, or on which another person
    must act; it reads what `loads` returns, or the aggregate itself. A task waits only if `any_of`
    finds something, and not while `none_of` does. Until `due_at`, that instant included, the
    command can be done: then the task is gone. A task with `overdue_at` waits only after that, when
    another has been missed. `not_before` is shown only.
    """

    name: str
    label: Label
    role: Role
    source: Source
    href: str
    method: Literal["POST", "PUT", "GET"] = "POST"
    equal: Mapping[str, str] = field(default_factory=dict)
    any_of: tuple[Related, ...] = ()
    none_of: tuple[Related, ...] = ()
    own: bool = False
    actor_field: str | None = None
    loads: Callable[[Service, Found[Any]], Awaitable[Any]] = _itself
    visible_to: Callable[[Any, Caller], bool] = _always
    due_at: Callable[[Any], datetime | None] = _none
    overdue_at: Callable[[Any], datetime | None] = _none
    not_before: Callable[[Any], date | None] = _none


@dataclass(frozen=True, kw_only=True)
class TaskResponse:
    """A task on one aggregate; days are those of Jakarta, or of an exhibition's host.

    `href` is the address of the command, or with `method` GET of what it is about. The
    command can be sent until `due_at`.
    """

    task: str
    label: Label
    id: str
    method: str
    href: str
    due_at: datetime | None
    not_before: date | None


@dataclass(frozen=True, kw_only=True)
class TaskList:
    """The tasks of a caller; `more` has, by the task's name, the address of those that follow.

    The addresses are relative to this one's own, as those of lists are.
    """

    items: list[TaskResponse]
    more: dict[str, str]


class AskedTasks(NamedTuple):
    """The tasks that a request asks for: all, or those of one name that follow the id `after`."""

    limit: int
    name: str | None
    after: str


def asked_tasks(
    task: Annotated[
        str | None,
        Query(max_length=60, description="The name of the tasks to list; all if left out."),
    ] = None,
    after: After = "",
    limit: Limit = 100,
) -> AskedTasks:
    """Return the tasks that a request asks for. Raises `Contradiction`."""
    if after and task is None:
        raise Contradiction(
            "cursor-needs-task",
            "`cursor` continues the list of one task: take both from an address in `more`.",
        )
    return AskedTasks(limit=limit, name=task, after=after)


async def list_tasks(
    service: Service, caller: Caller, tasks: Sequence[Task], asked: AskedTasks
) -> TaskList:
    """Return at most `asked.limit` of each of the caller's tasks, in order of id.

    Raises `Forbidden` if all of them are those of an enterprise, and the token names none, and
    `Contradiction` for a task that this service does not have.
    """
    if caller.enterprise is None and all(task.own for task in tasks if task.role in caller.roles):
        raise enterprise_missing()
    _check_name(tasks, asked)
    listed = TaskList(items=[], more={})
    for name in dict.fromkeys(task.name for task in tasks):
        if asked.name not in (None, name):
            continue
        found = [
            _task(task, each)
            for task in tasks
            if task.name == name and _is_for(task, caller)
            for each in await _visible(service, task, caller, asked)
        ]
        found.sort(key=lambda task: task.id)
        page, more = _page(found, asked.limit)
        listed.items.extend(page)
        if more:
            address = {"task": name, CURSOR_PARAMETER: coded(page[-1].id), "limit": asked.limit}
            listed.more[name] = f"?{urlencode(address)}"
    return listed


def _check_name(tasks: Sequence[Task], asked: AskedTasks) -> None:
    names = list(dict.fromkeys(task.name for task in tasks))
    if asked.name is not None and asked.name not in names:
        raise Contradiction(
            "unknown-task",
            f"There is no such task here: leave `task` out, or use one of {', '.join(names)}.",
        )


def _is_for(task: Task, caller: Caller) -> bool:
    return task.role in caller.roles and not (task.own and caller.enterprise is None)


def _page(found: Sequence[TaskResponse], limit: int) -> tuple[Sequence[TaskResponse], bool]:
    """Return the first tasks, all of the last one's id, and True if others follow."""
    end = min(limit, len(found))
    while end < len(found) and found[end].id == found[end - 1].id:
        end += 1
    return found[:end], end < len(found)


async def _visible(
    service: Service, task: Task, caller: Caller, asked: AskedTasks
) -> list[Found[Any]]:
    """Return the things that the task waits on and the caller may act on, and one more than asked.

    They follow the id `asked.after`.
    """
    limit, after = asked.limit + 1, asked.after
    read_at_once = max(limit, READ_AT_ONCE_MIN)
    visible: list[Found[Any]] = []
    while len(visible) < limit:
        found = await service.find(
            task.source, after=after, limit=read_at_once, **_equal(task, caller)
        )
        for each in found:
            if not _in_time(task, each.state, service.now()):
                continue
            seen = await task.loads(service, each)
            if task.visible_to(seen, caller) and await _waits(service, task, each.id):
                visible.append(each)
        if len(found) < read_at_once:
            break
        after = found[-1].id
    return visible[:limit]


def _in_time(task: Task, state: Any, now: datetime) -> bool:
    due_at, overdue_at = task.due_at(state), task.overdue_at(state)
    return (due_at is None or now <= due_at) and (overdue_at is None or now > overdue_at)


async def _waits(service: Service, task: Task, id: str) -> bool:
    if task.any_of and not await _finds(service, task.any_of, id):
        return False
    return not await _finds(service, task.none_of, id)


async def _finds(service: Service, related: Sequence[Related], id: str) -> bool:
    for each in related:
        equal = {name: value.format(**_parts(id)) for name, value in each.equal.items()}
        if await service.find(each.source, after="", limit=1, **equal):
            return True
    return False


def _parts(id: str) -> dict[str, str]:
    first, _, second = id.partition(".")
    return {"id": id, "first": first, "second": second}


def _equal(task: Task, caller: Caller) -> dict[str, str | None]:
    own = {"enterprise": str(caller.enterprise)} if task.own else {}
    of_actor = {task.actor_field: caller.actor} if task.actor_field else {}
    return {**task.equal, **own, **of_actor}


def _task(task: Task, found: Found[Any]) -> TaskResponse:
    return TaskResponse(
        task=task.name,
        label=task.label,
        id=found.id,
        method=task.method,
        href=task.href.format(**_parts(found.id)),
        due_at=task.due_at(found.state),
        not_before=task.not_before(found.state),
    )
