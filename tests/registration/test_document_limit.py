"""The number of documents of an enterprise is bounded by a setting."""

import pytest

from shared.settings import Settings
from tests.registration.registry import APPLICANT, LICENCE, VERIFIER, Registry
from tests.serving import code

DOCUMENTS_MAX = 10


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Return the settings with the smallest bound."""
    return settings.model_copy(update={"documents_max": DOCUMENTS_MAX})


async def test_an_enterprise_with_as_many_documents_as_it_may_files_no_more(
    registry: Registry,
) -> None:
    own = await registry.registered(0)
    path = f"/enterprises/{own}/documents"
    filed = (await registry.gets(path))["items"]
    for number in range(len(filed), DOCUMENTS_MAX):
        await registry.done(APPLICANT, path, LICENCE, enterprise=own, key=f"d-{number}")
    last = f"d-{DOCUMENTS_MAX - 1}"
    assert await registry.done(APPLICANT, path, LICENCE, enterprise=own, key=last)
    for role, enterprise in ((APPLICANT, own), (VERIFIER, None)):
        answer = await registry.sends(role, path, LICENCE, enterprise=enterprise)
        assert code(answer) == (409, "too-many-documents")
    assert len((await registry.gets(path))["items"]) == DOCUMENTS_MAX
