"""A rolling restart under load: no request is refused, and nothing is lost."""

import pytest

from tests.k8s_lab.conftest import Played
from tests.k8s_lab.lab import eventually
from tests.k8s_lab.load import load

SOME = 40


@pytest.mark.parametrize("deployment", ["registration-api", "registration-worker"])
def test_a_rolling_restart_refuses_no_request(played: Played, deployment: str) -> None:
    lab = played.lab
    (before,) = lab.pods(deployment)
    with load(lab) as people:
        eventually(lambda: people.answers["201"] >= SOME)
        lab.kubectl("rollout", "restart", f"deployment/{deployment}")
        lab.await_rollouts(deployment)
        eventually(lambda: lab.is_gone(before))
        answered = people.answers["201"]
        eventually(lambda: people.answers["201"] >= answered + SOME)
    (after,) = lab.pods(deployment)
    assert after["metadata"]["name"] != before["metadata"]["name"]
    assert people.failures == {}
    assert people.missing() == []
    assert played.differences() == []
