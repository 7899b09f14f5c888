"""The budget service for commands of `gelar`, on servers that the environment names."""

import asyncio

import pytest

from services.budget.app import service as budget
from shared.settings import Settings
from tests.gelar.test_commands import environment


async def run_once(settings: Settings) -> None:
    """Let budget make its first copy, and consume as its present version."""
    async with budget.opened(settings):
        assert await budget.not_ready_reason() is None
        await budget.engine.versions.register()


@pytest.fixture
def named(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Name the servers of this test in the environment."""
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)
    return settings


@pytest.fixture
def running(named: Settings) -> Settings:
    """Let budget run once on the servers that are named."""
    asyncio.run(run_once(named))
    return named
