"""A hundred of the largest files come at once: the process takes a few, and holds no more."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from deploy.local.ports import Ports
from shared.files.memory import BYTES_IN_MEMORY_MAX
from shared.files.refusals import BYTES_MAX
from shared.settings import Settings
from shared.store.files import FILES, PARTS
from tests.conftest import eventually
from tests.files.examples import chunk, png
from tests.gelar.test_commands import environment
from tests.registration.registry import APPLICANT, VERIFIER, Registry
from tests.serving import code
from tests.shared.test_start import without_variables

FILES_AT_ONCE = 100
LARGEST = png(extra=chunk(b"tEXt", b"a\x00" + b"x" * (BYTES_MAX - 200)))
TABLE = b"x" * BYTES_MAX


@pytest.fixture
def pooled_settings(settings: Settings) -> Settings:
    """Return settings with databases of their own: another process uses them too."""
    return settings


@pytest.fixture
async def process(registry: Registry, tmp_path: Path) -> AsyncIterator[tuple[int, str]]:
    """Run a second API of the registry in a process of its own; yield its id and its address."""
    settings = registry.api.service.engine.settings
    port = Ports(tmp_path / "ports.json").take("http")
    assert settings.identifier_key is not None
    named = {
        "KUKM_PARTS": "api",
        "KUKM_HTTP_PORT": str(port),
        "KUKM_HTTP_BODY_SECONDS": "600",
        "KUKM_JWKS_FILE": str(settings.jwks_file),
        "KUKM_CLOCK_FILE": str(settings.clock_file),
        "KUKM_IDENTIFIER_KEY": settings.identifier_key.get_secret_value(),
    }
    command = [sys.executable, "-m", "services.registration.app"]
    variables = without_variables() | environment(settings) | named
    address = f"http://127.0.0.1:{port}"
    started = await asyncio.create_subprocess_exec(
        *command, env=variables, stdout=asyncio.subprocess.DEVNULL
    )

    async def ready() -> bool:
        assert started.returncode is None, "it has ended"
        try:
            async with httpx.AsyncClient(trust_env=False) as client:
                return (await client.get(f"{address}/readyz")).is_success
        except httpx.TransportError:
            return False

    try:
        await eventually(ready)
        yield started.pid, address
    finally:
        started.kill()
        await started.wait()


def memory_of(process: int) -> int:
    """Return the most bytes that a process has had in memory so far."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("the system does not say")


async def test_a_hundred_files_at_once_are_bounded_in_memory(
    registry: Registry, process: tuple[int, str]
) -> None:
    own = await registry.registered(0)
    id, address = process
    before = memory_of(id)

    async def sent(client: httpx.AsyncClient, number: int) -> httpx.Response:
        # Tables are files too, and all of them share the memory.
        role, path, content = (
            (VERIFIER, "/imports/trial", TABLE)
            if number % 4 == 3
            else (APPLICANT, f"/enterprises/{own}/files", LARGEST)
        )
        token = registry.api.token(role, enterprise=own if role == APPLICANT else None)
        headers = {
            "authorization": f"Bearer {token}",
            "idempotency-key": f"k-{number}",
            "content-type": "application/octet-stream",
        }
        return await client.post(f"{address}{path}", content=content, headers=headers)

    async with httpx.AsyncClient(trust_env=False, timeout=600, limits=httpx.Limits()) as client:
        answers = await asyncio.gather(*(sent(client, n) for n in range(FILES_AT_ONCE)))
        refused = {n for n, answer in enumerate(answers) if not answer.is_success}
        busy = [n for n in refused if code(answers[n]) == (503, "files-busy")]
        assert memory_of(id) - before < 3 * BYTES_IN_MEMORY_MAX
        assert len(busy) > FILES_AT_ONCE / 2
        assert all(answers[n].headers["retry-after"] == "2" for n in busy)
        assert {code(answers[n]) for n in refused.difference(busy)} <= {(422, "not-a-spreadsheet")}
        # What was refused comes again with its key, and has one effect.
        assert (await sent(client, min(n for n in busy if n % 4 != 3))).status_code == 201
    database = registry.api.service.engine.database
    whole = {file["_id"] async for file in database.collection(FILES).find({})}
    assert len(whole) == FILES_AT_ONCE - len(refused) + 1
    assert set(await database.collection(PARTS).distinct("files_id")) == whole
