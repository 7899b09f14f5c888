"""The brokers themselves: that one answers, and knows what this system asks."""

import logging

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient

from shared.kernel.errors import CannotStart
from shared.messaging.connection import connection
from shared.settings import Settings

REACH_SECONDS = 5.0
NO_OFFSET = -1
KNOWN, NEEDED = "ApiKey Metadata", "ApiKey ConsumerGroupHeartbeat"
"""The client lists what a broker knows only in its log: any broker knows the first."""


class BrokerUnavailable(Exception):
    """No broker answers."""


class BrokerRefuses(CannotStart):
    """A broker answers, and does not let this process in: a password or certificate is wrong."""


class Refusals:
    """The errors of a client that no further try can pass; `note` is its `error_cb`."""

    def __init__(self) -> None:
        self._found: list[str] = []

    def note(self, error: KafkaError) -> None:
        """Keep an error of authentication, or of a certificate."""
        text = error.str()
        # A broker that stops during a handshake is an error of TLS as well, and comes back.
        if error.code() == KafkaError._AUTHENTICATION or (
            error.code() == KafkaError._SSL and "certificate" in text
        ):
            self._found.append(text)

    def check(self, client: AdminClient, address: str) -> None:
        """Raise `BrokerRefuses` if the client was not let in; `address` is that of the brokers."""
        client.poll(0)
        if self._found:
            raise BrokerRefuses(
                f"the Kafka at {address} refuses this process: correct its user, its password or "
                f"the certificates (KUKM_KAFKA_…). It said: {self._found[-1]}"
            )


class TooOld(CannotStart):
    """The brokers do not know the consumer groups that this system uses."""


def check_version(settings: Settings) -> None:
    """Check that a broker knows this system's consumer groups: a member would wait for ever.

    Raises `TooOld`, and `BrokerUnavailable` where no broker answers in some seconds.
    """
    lines = _Lines()
    client = AdminClient({**connection(settings), "debug": "feature"}, logger=lines.logger)
    try:
        client.list_topics(timeout=REACH_SECONDS)
    except KafkaException as error:
        raise BrokerUnavailable(settings.kafka_bootstrap_servers) from error
    client.poll(0)
    if KNOWN in lines.text and NEEDED not in lines.text:
        raise TooOld(
            f"the Kafka at {settings.kafka_bootstrap_servers} is too old: use 4.0 or later"
        )


def answered(offset: int) -> int:
    """Return an offset that a broker has named, or -1, its answer where it knows none.

    The client gives an invalid offset, and no error, where no broker answers in time. Raises
    `KafkaException`.
    """
    if offset < NO_OFFSET:
        raise KafkaException(KafkaError(KafkaError._TIMED_OUT))
    return offset


class _Lines(logging.Handler):
    """The log of a single client."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.logger = logging.Logger("librdkafka.feature")
        self.logger.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        self.text += record.getMessage() + "\n"
