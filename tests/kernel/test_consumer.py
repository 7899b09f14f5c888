"""A consumer that leaves its group asks its client nothing: a closing client may never answer.

Both were seen: no answer at all, and an error that `except Exception` does not catch.
"""

from typing import Any

from confluent_kafka import TopicPartition

from shared.messaging.consumer import EventConsumer
from shared.messaging.topics import topic_name
from shared.metrics import PARTITIONS
from shared.settings import Settings


class Closing:
    """A client that is closing: it takes a partition back, and anything else would hang."""

    def incremental_unassign(self, partitions: list[TopicPartition]) -> None:
        """Take them back."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"{name} was asked of a client that is closing")


async def test_a_closing_client_is_asked_nothing(settings: Settings) -> None:
    async def never(_: object) -> dict[Any, int]:
        raise AssertionError("no partition is assigned here")

    consumer = EventConsumer(
        settings, group="till", services=["shop"], checkpoints=never, after_loss=never
    )
    consumer._held = {("shop", 0), ("shop", 1)}
    topic = topic_name(settings.namespace, "shop")
    consumer._revoked(Closing(), [TopicPartition(topic, 0)])  # type: ignore[arg-type]  # a stand-in for the client
    assert consumer._held == {("shop", 1)}
    assert PARTITIONS._value.get() == 1
    await consumer.close()
