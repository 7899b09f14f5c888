"""A real scrape of a running service is what Prometheus' own linter calls clean, and soon there."""

import re
import time
from pathlib import Path

import pytest

from services.budget.app import routers, service
from shared.http import create_operations_app
from shared.run import application
from shared.service.readings import EVERY_SECONDS, WAIT_SECONDS
from shared.settings import Settings
from tests.budget.calls import OPENING
from tests.conftest import eventually
from tests.faults.proxy import LOOPBACK, proxy
from tests.http.example import client_of
from tests.long_tests import long_test
from tests.monitoring.exported import families
from tests.monitoring.promtool import promtool
from tests.serving import served

EASY_SECONDS = 5.0
"""A busy machine takes some time for any answer; a server that is away takes longer than this."""


@pytest.fixture
async def scrape(settings: Settings, token_keys: Path) -> str:
    """Return what `/metrics` of a budget service answers after a few requests."""
    # Services of other tests ran in this process: each left series of its own topics and kinds.
    for metric in families().values():
        if metric._labelnames:
            metric.clear()
    async with served(service, routers, settings, token_keys) as api:
        opened = await api.command("budget-officer", "/envelopes", OPENING)
        assert opened.status_code == 201, opened.text
        await api.query("auditor", "/envelopes")
        await api.client.request("BREW", "/coffee")
        text = ""

        # A scrape waits for its figures for a moment only, and a busy machine may take longer.
        async def has_figures() -> bool:
            nonlocal text
            answer = await api.client.get("/metrics")
            assert answer.status_code == 200
            text = answer.text
            return "kukm_invariant_violations{" in text

        await eventually(has_figures)
    return text


async def test_promtool_finds_no_fault(scrape: str) -> None:
    assert promtool(["check", "metrics"], given=scrape).strip() == ""


async def test_every_metric_has_help_and_labels_are_few(scrape: str) -> None:
    for name in families():
        assert f"# HELP {name} " in scrape, name
    assert 'http_request_method="_OTHER"' in scrape
    assert "BREW" not in scrape
    assert "coffee" not in scrape
    assert not re.findall(r'="[^"]*2018[^"]*"', scrape), "an id or a year in a label"
    assert len(scrape.splitlines()) < 2_500


async def test_the_money_of_budget_is_counted(scrape: str) -> None:
    found = dict(re.findall(r'kukm_invariant_violations\{invariant="([a-z-]+)"\} (\S+)', scrape))
    assert len(found) == 5
    assert set(found.values()) == {"0.0"}


@long_test
async def test_a_database_that_is_away_makes_no_scrape_fail_or_wait(settings: Settings) -> None:
    address = re.search(r":(\d+)", settings.mongo_uri.get_secret_value())
    assert address
    async with proxy(int(address[1])) as way:
        by_proxy = f"mongodb://{LOOPBACK}:{way.port}/?directConnection=true"
        own = Settings.model_validate({**settings.model_dump(), "mongo_uri": by_proxy})
        app = application(service, routers, own)
        async with (
            app.router.lifespan_context(app),
            client_of(create_operations_app(service, own, app)) as client,
        ):

            async def reads(ok: str) -> bool:
                readings = service._readings
                assert readings
                readings._begun_at -= EVERY_SECONDS
                begun_at = time.monotonic()
                answer = await client.get("/metrics")
                assert answer.status_code == 200
                assert time.monotonic() - begun_at < WAIT_SECONDS + EASY_SECONDS
                assert 'kukm_outbox_waiting_aggregates{kind="envelope"}' in answer.text
                return f'kukm_reading_ok{{source="database"}} {ok}' in answer.text

            await eventually(lambda: reads("1.0"))
            way.fall_silent()
            await eventually(lambda: reads("0.0"))
            await way.back()
            await eventually(lambda: reads("1.0"))
