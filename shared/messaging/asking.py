"""Ask the brokers again while their error is one that passes by itself."""

import time
from collections.abc import Callable, Collection
from typing import TypeVar

from confluent_kafka import KafkaError, KafkaException

T = TypeVar("T")
TIMEOUT_SECONDS = 20.0
AGAIN_SECONDS = 0.05


def patiently(
    ask: Callable[[], T],
    *,
    but: Collection[int] = (),
    before_again: Callable[[], None] = lambda: None,
) -> T:
    """Ask until there is an answer, an error that does not pass, or too much time has gone by.

    A topic that was created just now is not in every broker's metadata at once, and a busy broker
    answers late: both pass. The codes in `but` do not. Raises `KafkaException`.
    """
    give_up_at = time.monotonic() + TIMEOUT_SECONDS
    while True:
        try:
            return ask()
        except KafkaException as error:
            passes = _passing(error.args[0]) and error.args[0].code() not in but
            if not passes or time.monotonic() > give_up_at:
                raise
        time.sleep(AGAIN_SECONDS)
        before_again()


def _passing(error: KafkaError) -> bool:
    return error.retriable() or error.code() in (
        KafkaError.UNKNOWN_TOPIC_OR_PART,
        KafkaError.LEADER_NOT_AVAILABLE,
        KafkaError.NOT_LEADER_FOR_PARTITION,
        KafkaError.FENCED_LEADER_EPOCH,
        KafkaError.UNKNOWN_LEADER_EPOCH,
        KafkaError.REQUEST_TIMED_OUT,
        KafkaError._TIMED_OUT,
        KafkaError._TRANSPORT,
        # A broker that has just started knows no leader yet.
        KafkaError._NOENT,
    )
