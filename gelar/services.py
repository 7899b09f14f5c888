"""The four services by name, for commands that look at all of them."""

from importlib import import_module
from importlib.util import find_spec
from typing import Annotated

import typer

from shared.service import Service

SERVICES = ("registration", "selection", "budget", "reporting")
ServiceName = Annotated[str, typer.Argument(metavar="SERVICE")]


def known_service(name: str) -> None:
    """End the command with a clear error if there is no service of this name."""
    if name not in SERVICES:
        raise typer.BadParameter(f"there is no service {name}: choose from {', '.join(SERVICES)}")


def installed_services() -> list[str]:
    """Return the services whose code is here: all in a checkout, one in the image of a service."""
    return [name for name in SERVICES if find_spec(f"services.{name}") is not None]


def service_named(name: str) -> Service:
    """Return the declared service; ends the command with a clear error for another name."""
    known_service(name)
    if name not in installed_services():
        raise typer.BadParameter(f"the code of {name} is not here: run this in a pod of {name}")
    service = import_module(f"services.{name}.app").service
    assert isinstance(service, Service)
    return service
