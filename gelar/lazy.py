"""Groups of commands whose modules are imported only when the command runs.

`gelar --help` reads the help lines of a table and imports no command. Help is plain text, because
the import of rich's formatter takes three times as long as everything else that help needs.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group


class CommandSource(NamedTuple):
    """The place of a command, with its help line.

    The attribute is a function, or a `typer.Typer` with commands of its own. A function that
    `parses_itself` takes the list of arguments.
    """

    module: str
    attribute: str
    help: str
    parses_itself: bool = False

    def load(self, name: str) -> Any:
        """Import the module and return the command, called `name`."""
        target = getattr(import_module(self.module), self.attribute)
        if self.parses_itself:
            return UnparsedArguments(name, target)
        if isinstance(target, typer.Typer):
            return get_group(target)
        single = plain_group(add_completion=False)
        single.command(name)(target)
        return get_command(single)


class UnparsedArguments(TyperCommand):
    """A command whose function takes the list of arguments."""

    def __init__(self, name: str, function: Callable[[list[str]], None]) -> None:
        settings = {"allow_extra_args": True, "ignore_unknown_options": True}
        super().__init__(name, add_help_option=False, context_settings=settings)
        self._function = function

    def invoke(self, ctx: Any) -> None:
        """Call the function."""
        self._function(ctx.args)


def plain_group(help: str | None = None, **options: Any) -> typer.Typer:
    """Return an empty group of commands with plain help."""
    return typer.Typer(
        help=help,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_show_locals=False,
        **options,
    )


def lazy_group(help: str, sources: Mapping[str, CommandSource]) -> typer.Typer:
    """Return a group that imports each of these commands when it is called."""

    class LazyGroup(TyperGroup):
        def __init__(self, **attributes: Any) -> None:
            super().__init__(**attributes)
            for name, source in sources.items():
                self.add_command(TyperCommand(name, help=source.help))

        def resolve_command(self, ctx: Any, args: list[str]) -> Any:
            name, listed, rest = super().resolve_command(ctx, args)
            source = sources.get(name or "")
            return name, source.load(str(name)) if source else listed, rest

    group = plain_group(help, cls=LazyGroup)

    @group.callback()
    def no_options() -> None:
        pass

    return group
