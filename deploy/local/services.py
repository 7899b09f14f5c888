"""The processes of a service: their commands, their ports, and the check that they are ready.

A service is a single process. With `KUKM_LOCAL_SEPARATE` it is two, as on Kubernetes: its API under
the service's name, and its worker as `NAME-worker`.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import httpx

from deploy.local.children import Child
from deploy.local.folder import Folder
from deploy.local.ports import LOOPBACK, Ports
from deploy.local.settings import LocalSettings

TOGETHER = {"": "api,worker"}
SEPARATE_PARTS = {"": "api", "-worker": "worker"}


@dataclass(frozen=True)
class Service:
    """A service to run: its name, its own environment variables, and its command.

    Without a command it is run by `python -m services.NAME.app`.
    """

    name: str
    environment: Mapping[str, str] = field(default_factory=dict)
    command: Sequence[str] = ()


SERVICES = tuple(map(Service, ("registration", "selection", "budget", "reporting")))


class ServiceProcess(Child):
    """A running process of a service; `url` is the same after a stop and a start."""

    def __init__(self, name: str, folder: Folder, service: Service, *, port: int) -> None:
        super().__init__(name, folder)
        self._service = service
        self._port = port

    @property
    def url(self) -> str:
        """The base address of its API."""
        return f"http://{LOOPBACK}:{self._port}"

    def command(self) -> Sequence[str]:
        name = self._service.name
        return self._service.command or (sys.executable, "-m", f"services.{name}.app")

    def environment(self) -> Mapping[str, str]:
        own = {"KUKM_HTTP_PORT": str(self._port), "KUKM_PUBLIC_URL": self.url}
        return {**own, **self._service.environment}

    def ready(self) -> bool:
        answer = self._readiness()
        return answer is not None and answer.is_success

    def missing(self) -> str:
        answer = self._readiness()
        if answer is None:
            return "it does not answer yet"
        return "" if answer.is_success else str(answer.json().get("detail", answer.status_code))

    def _readiness(self) -> httpx.Response | None:
        try:
            # Without the proxy settings: no proxy is needed on the same machine.
            return httpx.get(f"{self.url}/readyz", trust_env=False)
        except httpx.HTTPError:
            return None


def service_processes(
    service: Service, folder: Folder, settings: LocalSettings
) -> Iterator[ServiceProcess]:
    """Yield the processes of a service, not yet started, each with a port of its own."""
    ports = Ports(folder.path / "ports.json")
    parts = SEPARATE_PARTS if settings.local_separate else TOGETHER
    for suffix, part in parts.items():
        name = service.name + suffix
        environment = {"KUKM_PARTS": part, **service.environment}
        port = ports.take(name, settings.port(name))
        yield ServiceProcess(name, folder, replace(service, environment=environment), port=port)
