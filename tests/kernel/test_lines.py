"""The lines of the log: one for a command that is done, and none of a batch but for debugging."""

import asyncio

from structlog.testing import capture_logs

from tests.kernel.example import AddItem, basket
from tests.kernel.test_loops import Pair, person
from tests.settled import settled


async def test_a_command_leaves_a_line_and_a_batch_one_for_debugging(pair: Pair) -> None:
    adding = AddItem(item="batik", price=5, note="for Siti")
    with capture_logs() as lines:
        await asyncio.gather(
            *(
                pair.shop.handle(basket, "b1", adding, person(key, correlation_id=f"c-{key}"))
                for key in ("1", "2")
            )
        )
        await pair.shop.handle(basket, "b1", adding, person("1", correlation_id="c-3"))
        await settled(*pair)
    done = [line for line in lines if line["event"] == "command done"]
    assert [(line["correlation_id"], line["version"]) for line in done] == [
        ("c-1", 1),
        ("c-2", 2),
        ("c-3", 1),
    ]
    assert {(line["command"], line["kind"], line["id"]) for line in done} == {
        ("AddItem", "basket", "b1")
    }
    assert {line["log_level"] for line in done} == {"info"}
    batches = [line for line in lines if line["event"] == "batch applied"]
    assert batches
    assert {line["log_level"] for line in batches} == {"debug"}
    assert not [line for line in lines if "Siti" in str(line) or "batik" in str(line)]
