"""Read the evidence of a running system, and separate lasting differences from delays.

The topics and the APIs are read one after another, and services follow each other's events with a
delay. So a difference counts once it is the same in two readings between which no message came.
"""

import time
from collections.abc import Callable, Mapping

import httpx

from gelar.checking.invariants.answers import Item, read_answers
from gelar.checking.invariants.catalogue import outcomes_of
from gelar.checking.invariants.check import BROKEN, Evidence, Outcome
from gelar.checking.invariants.topics import Topics
from gelar.services import SERVICES
from shared.messaging.reading import read_topics
from shared.settings import Settings

READINGS_MAX = 10
PAUSE_SECONDS = 2.0
TIMEOUT_SECONDS = 60.0
TEXT_MAX = 300


class NoAnswer(Exception):
    """An API does not answer or refuses; the text says which one, why, and what to do."""


class NeverIdle(Exception):
    """Messages kept coming, so a difference could also be a delay."""


class Apis:
    """The four APIs, read with an auditor's token."""

    def __init__(self, urls: Mapping[str, str], token: str) -> None:
        self._urls = urls
        self._client = httpx.Client(
            headers={"authorization": f"Bearer {token}"},
            timeout=TIMEOUT_SECONDS,
        )

    def get(self, address: str) -> Item | None:
        """Read `SERVICE/PATH`; None if it is not there. Raises `NoAnswer`."""
        service, _, path = address.partition("/")
        try:
            response = self._client.get(f"{self._urls[service]}/{path}")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise NoAnswer(
                f"The API of {service} does not answer at {self._urls[service]} "
                f"({type(error).__name__}): check --{service} (KUKM_{service.upper()}_URL)."
            ) from error
        if response.status_code in (401, 403):
            raise NoAnswer(
                f"The API of {service} refuses the token ({response.status_code}): "
                "use a valid token with the role auditor (--token-file)."
            )
        if response.status_code == 404:
            return None
        if not response.is_success:
            start = response.text[:TEXT_MAX]
            raise NoAnswer(f"{address} is answered with {response.status_code}: {start}")
        return _object(service, response)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def _object(service: str, response: httpx.Response) -> Item:
    try:
        answer = response.json()
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise NoAnswer(
            f"The answer of {response.url} is no JSON object: is it the API of {service}? "
            f"Check --{service} (KUKM_{service.upper()}_URL)."
        )
    return answer


def read_evidence(settings: Settings, apis: Apis) -> Evidence:
    """Read all topics to their present end, then the APIs. Blocks."""
    topics = Topics.of_messages(read_topics(settings, SERVICES))
    try:
        answers = read_answers(apis.get, topics)
        return Evidence(topics=topics, answers=answers, actor_key=settings.actor_secret)
    except BROKEN as error:
        raise NoAnswer(
            f"An answer of the APIs has another form than expected ({error!r}): check that all "
            "addresses are those of one system, in the version of this command."
        ) from error


def audited(
    read: Callable[[], Evidence], *, pause_seconds: float = PAUSE_SECONDS
) -> tuple[Evidence, list[Outcome]]:
    """Make every check until no difference is left, or until the differences stay.

    Returns the last reading with the outcomes of the checks on it. Raises `NeverIdle` after
    `READINGS_MAX` readings that all differ.
    """
    messages, before = -1, frozenset[str]()
    for _ in range(READINGS_MAX):
        evidence = read()
        outcomes = outcomes_of(evidence)
        found = frozenset(text for outcome in outcomes for text in outcome.differences)
        if not found or (found == before and evidence.topics.messages == messages):
            return evidence, outcomes
        messages, before = evidence.topics.messages, found
        time.sleep(pause_seconds)
    raise NeverIdle(f"{len(before):,} differences in the last reading, e.g. {min(before)}")
