"""The system runs in the cluster as its manifests promise, and its year reconciles."""

from gelar.services import SERVICES
from tests.k8s_lab.conftest import Played
from tests.k8s_lab.lab import DEPLOYMENTS, Lab


def test_every_pod_is_ready_and_none_was_restarted(lab: Lab) -> None:
    for deployment in DEPLOYMENTS:
        (pod,) = lab.pods(deployment)
        (container,) = pod["status"]["containerStatuses"]
        assert (container["ready"], container["restartCount"]) == (True, 0), deployment


def test_a_process_has_no_rights_and_no_writable_root(lab: Lab) -> None:
    for deployment in DEPLOYMENTS:
        status = lab.kubectl("exec", f"deployment/{deployment}", "--", "cat", "/proc/1/status")
        facts = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
        assert facts["Uid"].split() == ["10001"] * 4
        assert int(facts["CapEff"], 16) == 0
        # 2 is a filter of system calls.
        assert (facts["NoNewPrivs"], facts["Seccomp"]) == ("1", "2")
        written = lab.tried("exec", f"deployment/{deployment}", "--", "touch", "/opt/gelar/new")
        assert "Read-only file system" in written.stderr
        token = "/var/run/secrets/kubernetes.io/serviceaccount"
        assert lab.tried("exec", f"deployment/{deployment}", "--", "ls", token).returncode != 0


def test_a_year_played_through_the_services_reconciles(played: Played) -> None:
    outcomes = played.check()
    assert outcomes
    assert [outcome for outcome in outcomes if not outcome.good] == []


def test_verify_in_the_pod_of_a_worker_finds_no_difference(played: Played) -> None:
    for service in SERVICES:
        assert f"{service} " in played.lab.gelar(service, "verify")


def test_a_command_about_another_service_says_where_to_run_it(lab: Lab) -> None:
    command = ("gelar", "verify", "--service", "selection")
    done = lab.tried("exec", "deployment/budget-worker", "--", *command)
    assert done.returncode == 2
    assert "run this in a pod of selection" in " ".join(done.stderr.split())
