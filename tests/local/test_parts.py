"""The parts of the local system without its servers: downloads, ports, records, services."""

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import psutil
import pytest

from deploy.local import FolderInUse, LocalError, children
from deploy.local.children import Child, end_leftovers
from deploy.local.folder import Folder
from deploy.local.identity import Identity
from deploy.local.jars import kafka_jars
from deploy.local.ports import Ports
from deploy.local.servers import Servers
from deploy.local.services import Service
from deploy.local.settings import load_local_settings
from deploy.local.stack import Stack, local_stack
from tests.server_folder import server_folder

STAND_IN = (sys.executable, str(Path(__file__).with_name("stand_in.py")))
FOR_EVER = [sys.executable, "-c", "import signal; signal.pause()"]


@pytest.fixture
def unrelated() -> Iterator[subprocess.Popen[bytes]]:
    """Run a process that the system of a folder may end only if a record names it."""
    with subprocess.Popen(FOR_EVER) as process:
        yield process
        process.kill()


@pytest.fixture
def our_servers(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    """Name the servers of the test run as servers that the system uses but did not start."""
    monkeypatch.setenv("KUKM_KAFKA_BOOTSTRAP_SERVERS", servers.kafka_bootstrap)
    monkeypatch.setenv("KUKM_MONGO_URI", servers.mongo_uri)


def _environment(stack: Stack, name: str) -> dict[str, str]:
    environment: dict[str, str] = httpx.get(stack.services[name].url, trust_env=False).json()
    return environment


def test_the_error_of_a_jar_that_cannot_be_fetched_names_the_remedies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = Ports(tmp_path / "ports.json").take("closed")
    monkeypatch.setenv("KUKM_LOCAL_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("KUKM_LOCAL_MAVEN_REPOSITORY", f"http://127.0.0.1:{closed}/maven")
    with pytest.raises(LocalError, match="Cannot fetch") as error:
        kafka_jars(load_local_settings())
    for remedy in ("KUKM_LOCAL_MAVEN_REPOSITORY", "KUKM_KAFKA_BOOTSTRAP_SERVERS", "KUKM_MONGO_URI"):
        assert remedy in str(error.value)
    assert list((tmp_path / "cache" / "jars").iterdir()) == []


def test_the_error_of_a_wrong_setting_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUKM_LOCAL_KAFKA_PORT", "many")
    with pytest.raises(LocalError, match="KUKM_LOCAL_KAFKA_PORT"):
        load_local_settings()


def test_ports_are_the_same_at_the_next_start(tmp_path: Path) -> None:
    path = tmp_path / "ports.json"
    first = Ports(path).take("kafka")
    assert Ports(path).take("kafka") == first
    assert Ports(path).take("mongo") != first


def test_processes_that_an_earlier_run_left_are_ended(
    tmp_path: Path, unrelated: subprocess.Popen[bytes]
) -> None:
    folder, left = Folder(tmp_path), psutil.Process(unrelated.pid)
    folder.record("left").write_text(Identity.of(unrelated.pid).json())
    end_leftovers(folder)
    assert not left.is_running()
    assert folder.records() == []


def test_an_unrelated_process_with_the_same_id_is_not_ended(
    tmp_path: Path, unrelated: subprocess.Popen[bytes]
) -> None:
    folder = Folder(tmp_path)
    earlier = replace(Identity.of(unrelated.pid), created=Identity.of(unrelated.pid).created - 60)
    folder.record("left").write_text(earlier.json())
    end_leftovers(folder)
    assert unrelated.poll() is None
    assert folder.records() == []


@pytest.mark.usefixtures("our_servers")
def test_a_service_has_the_environment_of_the_system(tmp_path: Path, servers: Servers) -> None:
    service = Service("echo", command=STAND_IN, environment={"KUKM_LOG_LEVEL": "DEBUG"})
    clock = tmp_path / "clock"
    with local_stack(
        tmp_path / "stack", namespace="demo", clock_file=clock, services=[service]
    ) as stack:
        environment = _environment(stack, "echo")
        assert stack.urls == {"echo": stack.services["echo"].url}
        assert (tmp_path / "stack" / "logs" / "echo.log").stat().st_mode & 0o777 == 0o600
        secret = tmp_path / "stack" / "identifier.key"
        assert secret.stat().st_mode & 0o777 == 0o600
        assert (
            environment.items()
            >= {
                "KUKM_ENVIRONMENT": "local",
                "KUKM_NAMESPACE": "demo",
                "KUKM_CLOCK_FILE": str(clock),
                "KUKM_KAFKA_BOOTSTRAP_SERVERS": servers.kafka_bootstrap,
                "KUKM_MONGO_URI": servers.mongo_uri,
                "KUKM_PARTS": "api,worker",
                "KUKM_LOG_LEVEL": "DEBUG",
                "KUKM_IDENTIFIER_KEY": secret.read_text(),
                "KUKM_DOSSIER_KEY": (secret.parent / "dossier.key").read_text(),
            }.items()
        )
        assert Path(environment["KUKM_JWKS_FILE"]).parent == stack.token_key_dir


@pytest.mark.usefixtures("our_servers")
def test_a_service_can_be_killed_and_started_again_at_its_address(tmp_path: Path) -> None:
    with local_stack(tmp_path, services=[Service("echo", command=STAND_IN)]) as stack:
        echo = stack.services["echo"]
        url, killed = echo.url, psutil.Process(echo.pid)
        echo.kill()
        assert not killed.is_running()
        assert not echo.crashed, "a kill is no crash"
        log = tmp_path / "logs" / "echo.log"
        log.chmod(0o644)
        echo.start()
        assert log.stat().st_mode & 0o777 == 0o600
        assert echo.url == url
        assert _environment(stack, "echo")
    assert not echo.alive


@pytest.mark.usefixtures("our_servers")
def test_api_and_worker_can_be_two_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUKM_LOCAL_SEPARATE", "1")
    with local_stack(tmp_path, services=[Service("echo", command=STAND_IN)]) as stack:
        assert list(stack.urls) == ["echo"]
        parts = {name: _environment(stack, name)["KUKM_PARTS"] for name in stack.services}
        assert parts == {"echo": "api", "echo-worker": "worker"}


@pytest.mark.usefixtures("our_servers")
def test_the_error_of_a_crash_has_the_end_of_the_log(tmp_path: Path) -> None:
    with local_stack(tmp_path, services=[Service("echo", command=STAND_IN)]) as stack:
        with pytest.raises(httpx.HTTPError):
            httpx.get(f"{stack.urls['echo']}/crash", trust_env=False)
        with pytest.raises(LocalError, match=r"echo ended by itself \(exit status 3\)") as error:
            stack.watch()
        assert "last words" in str(error.value)
    silent = Service("echo", command=(sys.executable, "-c", "raise SystemExit(4)"))
    with (
        pytest.raises(LocalError, match="exit status 4") as error,
        local_stack(tmp_path, services=[silent]),
    ):
        pytest.fail("it cannot be ready")
    assert "last words" not in str(error.value)


@pytest.mark.usefixtures("our_servers")
def test_a_part_that_is_killed_ends_the_others_also_one_that_ignores_the_stop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Child, "stop_seconds_max", 60.0)
    stubborn = Service("stubborn", command=(*STAND_IN, "stubborn"))
    services = [Service("echo", command=STAND_IN), stubborn, Service("last", command=STAND_IN)]
    processes: list[psutil.Process] = []
    killed_at: list[float] = []

    def until_the_first_is_killed() -> None:
        with local_stack(tmp_path, services=services) as stack:
            processes.extend(psutil.Process(child.pid) for child in stack.children)
            killed_at.append(time.monotonic())
            processes[0].kill()
            stack.watch()

    with pytest.raises(LocalError, match="echo ended by itself"):
        until_the_first_is_killed()
    assert time.monotonic() - killed_at[0] < Child.stop_seconds_max, "it waited for an orderly end"
    assert len(processes) == len(services)
    assert not [process for process in processes if process.is_running()]


@pytest.mark.usefixtures("our_servers")
def test_the_error_of_a_service_that_cannot_start_has_its_log(tmp_path: Path) -> None:
    broken = Service("broken", command=(sys.executable, "-c", "raise SystemExit('no way')"))
    with pytest.raises(LocalError, match="no way"), local_stack(tmp_path, services=[broken]):
        pytest.fail("it cannot be ready")


UNREADY = Service("unready", command=(*STAND_IN, "unready"))


@pytest.mark.usefixtures("our_servers")
def test_a_start_says_what_it_waits_for_and_gives_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children, "SAY_SECONDS", 0.5)
    monkeypatch.setenv("KUKM_LOCAL_READY_SECONDS", "6")
    said: list[str] = []
    services = [UNREADY, Service("echo", command=STAND_IN)]
    with (
        pytest.raises(LocalError, match="KUKM_LOCAL_READY_SECONDS") as error,
        local_stack(tmp_path, services=services, say=said.append),
    ):
        pytest.fail("it cannot be ready")
    reason = "unready (its topics are missing)"
    assert str(error.value).startswith(f"{reason}: not ready within 6 seconds")
    assert said[-1].startswith(f"Waiting for {reason} since"), "the other one is ready"


@pytest.mark.usefixtures("our_servers")
def test_a_start_ends_as_soon_as_one_of_the_services_has_ended(tmp_path: Path) -> None:
    ended = Service("ended", command=(sys.executable, "-c", "raise SystemExit('no way')"))
    begun = time.monotonic()
    with (
        pytest.raises(LocalError, match="no way"),
        local_stack(tmp_path, services=[UNREADY, ended]),
    ):
        pytest.fail("it cannot be ready")
    assert time.monotonic() - begun < Child.ready_seconds_max, "it waited for the other one"


def test_a_run_of_tests_leaves_the_servers_of_another_run_as_they_are(tmp_path: Path) -> None:
    with server_folder(tmp_path / "test") as folder, Folder(folder).held():
        (folder / "logs").mkdir()
        with (
            pytest.raises(FolderInUse),
            server_folder(tmp_path / "test") as same,
            Folder(same).held(),
        ):
            pass
        assert (folder / "logs").is_dir()
    assert not folder.exists() or folder == tmp_path / "test"
