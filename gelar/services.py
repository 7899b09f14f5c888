"""The four services by name, for commands that look at all of them."""

from importlib import import_module
from typing import Annotated

import typer

from shared.service import Service

SERVICES = ("registration", "selection", "budget", "reporting")
ServiceName = Annotated[str, typer.Argument(metavar="SERVICE")]


def known_service(name: str) -> None:
    """End the command with a clear error if there is no service of this name."""
    if name not in SERVICES:
        raise typer.BadParameter(f"there is no service {name}: choose from {', '.join(SERVICES)}")


def service_named(name: str) -> Service:
    """Return the declared service; ends the command with a clear error for another name."""
    known_service(name)
    service = import_module(f"services.{name}.app").service
    assert isinstance(service, Service)
    return service
