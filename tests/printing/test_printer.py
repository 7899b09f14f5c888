"""The printer asks a process of its own, and says when it cannot print."""

import asyncio
from pathlib import Path

import pytest

from shared.files.apart import AT_ONCE_MAX, WAITING_MAX, Apart
from shared.kernel.errors import Busy
from shared.printing.printer import print_apart
from shared.printing.typesetting import typeset
from tests.printing.examples import reproduction


async def test_a_process_of_its_own_prints_the_same_bytes() -> None:
    given = reproduction("Batik Fiktif")
    assert await print_apart(Apart(), given) == typeset(given)


async def test_a_document_that_takes_too_long_is_told(tmp_path: Path) -> None:
    names = [f"Koperasi {number} {'kata ' * 90}" for number in range(2_000)]
    with pytest.raises(Busy) as refusal:
        await print_apart(Apart(seconds=1), reproduction(*names))
    assert refusal.value.code == "printing-failed"


async def test_too_many_documents_at_once_are_told() -> None:
    apart, given = Apart(), reproduction("Batik Fiktif")
    asked = AT_ONCE_MAX + WAITING_MAX + 1
    answers = await asyncio.gather(
        *(print_apart(apart, given) for _ in range(asked)), return_exceptions=True
    )
    refused = [each for each in answers if isinstance(each, Busy)]
    assert [each.code for each in refused] == ["printer-busy"]
    assert len({each for each in answers if isinstance(each, bytes)}) == 1
