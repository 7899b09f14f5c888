"""People who register enterprises for as long as something else happens, and count every answer.

Half of them keep their connection, half open a new one for every request, as balancers do.
"""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from uuid import uuid4

import httpx

from demo.fiction.enterprises import enterprises
from demo.player.people import AUDITOR, Tokens, representative
from tests.k8s_lab.lab import Lab

PEOPLE = 6
PAUSE_SECONDS = 0.05
TIMEOUT_SECONDS = 30.0
PLAYED = 1_000
"""More than the enterprises of the year that was played."""
# Of no seed: in a cluster that is kept running, the next run registers others. The numbers of
# cooperatives have nothing of chance, so the next run would register some of them twice.
_forms = (
    enterprise.form
    for enterprise in enterprises(25_000, Random())[PLAYED:]
    if not enterprise.form["cooperative"]
)


@dataclass
class Load:
    """The answers that the people of a load got; `registered` has the ids of their enterprises."""

    lab: Lab
    answers: Counter[str] = field(default_factory=Counter)
    registered: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def failures(self) -> dict[str, int]:
        """All answers that were no success, with their number."""
        return {answer: number for answer, number in self.answers.items() if answer != "201"}

    def missing(self) -> list[str]:
        """Return the enterprises that were acknowledged and are not there."""
        token = Tokens(self.lab.keys).of(AUDITOR)
        with httpx.Client(headers={"authorization": f"Bearer {token}"}, trust_env=False) as client:
            return [
                id
                for id in tuple(self.registered)
                if not client.get(f"{self._address}/{id}").is_success
            ]

    def person(self, number: int, stop: threading.Event) -> None:
        """Register enterprises until `stop`."""
        tokens = Tokens(self.lab.keys)
        with httpx.Client(trust_env=False, timeout=TIMEOUT_SECONDS) as client:
            while not stop.is_set():
                person = representative(str(uuid4()))
                headers = {
                    "authorization": f"Bearer {tokens.of(person)}",
                    "idempotency-key": str(uuid4()),
                    "connection": "keep-alive" if number % 2 else "close",
                }
                self._register(client, headers)
                time.sleep(PAUSE_SECONDS)

    def _register(self, client: httpx.Client, headers: dict[str, str]) -> None:
        with self._lock:
            form = next(_forms)
        try:
            reply = client.post(self._address, json=form, headers=headers)
        except httpx.HTTPError as error:
            answer = repr(error)
        else:
            answer = str(reply.status_code)
            if not reply.is_success:
                answer += f" {reply.json().get('code')}"
            else:
                self.registered.append(reply.json()["id"])
        with self._lock:
            self.answers[answer] += 1

    @property
    def _address(self) -> str:
        return f"{self.lab.urls['registration']}/enterprises"


@contextmanager
def load(lab: Lab) -> Iterator[Load]:
    """Let people register enterprises beside the block."""
    running = Load(lab)
    stop = threading.Event()
    people = [
        threading.Thread(target=running.person, args=(number, stop)) for number in range(PEOPLE)
    ]
    for person in people:
        person.start()
    try:
        yield running
    finally:
        stop.set()
        for person in people:
            person.join()
