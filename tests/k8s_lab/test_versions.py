"""Registration is upgraded to a version with a new type of event, and brought back, under load.

The audit of this checkout does not know the new event: this test comes after those that audit.
"""

import re

from deploy.k8s.lab.newer import CHANGED, NEW_EVENT_SHOWN, TAG
from gelar.services import SERVICES
from tests.k8s_lab.conftest import Played
from tests.k8s_lab.lab import Lab, eventually
from tests.k8s_lab.load import Load, load

SOME = 40
DEPLOYMENTS = (f"{CHANGED}-worker", f"{CHANGED}-api")


def _roll(lab: Lab, tag: str) -> None:
    """Bring all pods of the service to an image, as `kubectl apply` of new digests does."""
    before = [pod for deployment in DEPLOYMENTS for pod in lab.pods(deployment)]
    for deployment in DEPLOYMENTS:
        lab.kubectl("set", "image", f"deployment/{deployment}", f"service=gelar/{CHANGED}:{tag}")
    lab.await_rollouts(*DEPLOYMENTS)
    eventually(lambda: all(lab.is_gone(pod) for pod in before))


def _some_more(people: Load) -> None:
    answered = people.answers["201"]
    eventually(lambda: people.answers["201"] >= answered + SOME)


def _greeted(lab: Lab) -> set[str]:
    """Return the enterprises that have the new event."""
    published = lab.gelar(CHANGED, "topics", "tail", "--service", CHANGED)
    return set(re.findall(rf"enterprise (\S+) #2  {NEW_EVENT_SHOWN}", published))


def test_a_new_version_and_the_way_back_refuse_no_request(played: Played) -> None:
    lab = played.lab
    with load(lab) as people:
        _some_more(people)
        _roll(lab, TAG)
        _some_more(people)
        assert people.missing() == []
        assert _greeted(lab)
        assert "not checked" not in lab.gelar(CHANGED, "verify", "--service", CHANGED)
        _roll(lab, "lab")
        lab.gelar(CHANGED, "versions", "accept", CHANGED)
        _some_more(people)
    assert people.failures == {}
    for service in SERVICES:
        verified = lab.gelar(service, "verify", "--service", service)
        assert ("not checked" in verified) == (service == CHANGED)
    (difference,) = played.differences()
    assert difference.name == "Every event is known, and follows in the life of its subject"
    # A record with the new event can be read by the version that does not know it.
    assert people.missing() == []
