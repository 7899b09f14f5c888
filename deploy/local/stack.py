"""The servers and the services together, for as long as a `with` block lasts.

    with local_stack(Path(".local/demo"), empty=True, clock_file=clock) as stack:
        …stack.urls["registration"], stack.services["registration"].kill()…

The block begins when every service is ready. The services end before the servers do.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from deploy.local import LocalError
from deploy.local.children import Child, await_all_ready, stopped_at_the_end
from deploy.local.folder import Folder
from deploy.local.servers import Servers, open_folder, running_servers
from deploy.local.services import SERVICES, Service, ServiceProcess, service_processes
from deploy.local.settings import LocalSettings, load_local_settings

WATCH_SECONDS = 0.25


@dataclass(frozen=True)
class Stack:
    """A running system: its servers, its processes by name, and the folder of its token key."""

    servers: Servers
    services: Mapping[str, ServiceProcess]
    urls: Mapping[str, str]
    token_key_dir: Path

    @property
    def children(self) -> list[Child]:
        """Every process of the system."""
        return [*self.servers.own, *self.services.values()]

    def watch(self) -> None:
        """Wait until a process crashes, then raise `LocalError` with the end of its log."""
        while True:
            for child in self.children:
                if child.crashed:
                    raise LocalError(child.last_words())
            time.sleep(WATCH_SECONDS)


@contextmanager
def local_stack(  # noqa: PLR0913 - a system has so many settings, and most calls name none
    path: Path,
    *,
    empty: bool = False,
    namespace: str = "",
    clock_file: Path | None = None,
    partitions: int | None = None,
    services: Sequence[Service] = SERVICES,
    say: Callable[[str], None] = lambda words: None,
) -> Iterator[Stack]:
    """Run the whole system with its data in a folder; `empty` removes earlier data first.

    `namespace` prefixes topics, groups and databases; `clock_file` has the programme's instant;
    `partitions` is the number of each topic, where it is not the usual one. `say` takes a sentence
    now and then while something is not ready.
    Raises `LocalError` if a process cannot start or the folder is in use.
    """
    settings = load_local_settings()
    with (
        open_folder(path, empty=empty) as folder,
        running_servers(folder, settings, say) as servers,
    ):
        environment = _common_environment(servers, folder) | {"KUKM_NAMESPACE": namespace}
        if clock_file is not None:
            environment["KUKM_CLOCK_FILE"] = str(clock_file.resolve())
        if partitions is not None:
            environment["KUKM_PARTITIONS"] = str(partitions)
        folder.remember("environment", environment)
        processes = _processes(services, environment, folder, settings)
        with _running(processes, settings, say):
            yield Stack(
                servers=servers,
                services=processes,
                urls={service.name: processes[service.name].url for service in services},
                token_key_dir=_keys(folder),
            )


@contextmanager
def _running(
    processes: Mapping[str, ServiceProcess], settings: LocalSettings, say: Callable[[str], None]
) -> Iterator[None]:
    started = list(processes.values())
    with stopped_at_the_end(started):
        for process in started:
            process.launch()
        await_all_ready(started, seconds=settings.local_ready_seconds, say=say)
        yield


def _processes(
    services: Sequence[Service],
    environment: Mapping[str, str],
    folder: Folder,
    settings: LocalSettings,
) -> dict[str, ServiceProcess]:
    of_services = (
        replace(service, environment={**environment, **service.environment}) for service in services
    )
    return {
        process.name: process
        for service in of_services
        for process in service_processes(service, folder, settings)
    }


def _common_environment(servers: Servers, folder: Folder) -> dict[str, str]:
    # Imported here because only a system with services needs the token issuer.
    from gelar.issuer import ensure_local_key

    return {
        "KUKM_ENVIRONMENT": "local",
        "KUKM_KAFKA_BOOTSTRAP_SERVERS": servers.kafka_bootstrap,
        "KUKM_MONGO_URI": servers.mongo_uri,
        "KUKM_JWKS_FILE": str(ensure_local_key(_keys(folder))),
        "KUKM_IDENTIFIER_KEY": folder.secret("identifier.key"),
        "KUKM_DOSSIER_KEY": folder.secret("dossier.key"),
    }


def _keys(folder: Folder) -> Path:
    return folder.path / "keys"
