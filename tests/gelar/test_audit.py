"""`gelar audit` on a running system: what it finds by itself, and its errors."""

from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from uuid import uuid4

import httpx
import pytest
from typer.testing import CliRunner

from deploy.local.servers import Servers
from deploy.local.stack import Stack, local_stack
from gelar.checking.invariants.answers import Answers
from gelar.checking.invariants.check import Evidence
from gelar.checking.invariants.lives import FIRST, LIVES, OTHERS
from gelar.checking.invariants.reading import READINGS_MAX, NeverIdle, audited
from gelar.checking.invariants.topics import Fact, Topics
from gelar.commands import commands
from gelar.events_page import published
from gelar.issuer import issue_token
from gelar.services import SERVICES, service_named
from shared.kernel.wire import Message
from tests.long_tests import long_test

run = CliRunner()
GAP = "Topics hold every number once, in order"
ENVELOPE = {"programme": "2018", "scope": "DOMESTIC", "pagu_idr": 50, "document_number": "DIPA-1",
            "effective_on": "2018-01-02"}  # fmt: skip


@pytest.fixture(scope="module")
def stack(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Run the system as `make up` does in a checkout, with an envelope in it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("checkout"))
        patch.setenv("KUKM_KAFKA_BOOTSTRAP_SERVERS", servers.kafka_bootstrap)
        patch.setenv("KUKM_MONGO_URI", servers.mongo_uri)
        with local_stack(Path(".local/up"), namespace=f"t{uuid4().hex[:8]}") as started:
            token = issue_token(started.token_key_dir, actor="o", roles=["budget-officer"])
            httpx.post(
                f"{started.urls['budget']}/envelopes",
                json=ENVELOPE,
                headers={"authorization": f"Bearer {token}", "idempotency-key": "envelope-1"},
            ).raise_for_status()
            for name in ("KUKM_KAFKA_BOOTSTRAP_SERVERS", "KUKM_MONGO_URI"):
                patch.delenv(name)
            yield started


@long_test
def test_it_finds_a_local_system_by_itself(stack: Stack) -> None:
    ended = run.invoke(commands, ["audit"], env={"COLUMNS": "200"})
    assert ended.exit_code == 0, ended.output
    assert "1 messages, 1 events" in ended.stdout
    assert "checks hold." in ended.stdout


def test_the_token_of_a_file_is_used(stack: Stack, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(issue_token(stack.token_key_dir, actor="a", roles=["curator"]))
    refused = run.invoke(commands, ["audit", "--token-file", str(file)])
    assert refused.exit_code == 2
    assert "use a valid token with the role auditor" in refused.stderr
    file.write_text(issue_token(stack.token_key_dir, actor="a", roles=["auditor"]) + "\n")
    assert run.invoke(commands, ["audit"], env={"KUKM_TOKEN_FILE": str(file)}).exit_code == 0


def test_an_api_that_does_not_answer_is_named(stack: Stack) -> None:
    ended = run.invoke(commands, ["audit", "--selection", "http://127.0.0.1:1"])
    assert ended.exit_code == 2
    assert "The API of selection does not answer at http://127.0.0.1:1" in ended.stderr
    assert "KUKM_SELECTION_URL" in ended.stderr


@pytest.mark.parametrize("address", ["selection", "http://127.0.0.1:abc", "ftp://127.0.0.1"])
def test_an_address_that_is_no_address_is_refused(stack: Stack, address: str) -> None:
    ended = run.invoke(commands, ["audit", "--selection", address])
    assert (ended.exit_code, len(ended.stderr.splitlines())) == (2, 1)
    assert "KUKM_SELECTION_URL" in ended.stderr


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"<html></html>", "is no JSON object: is it the API of registration?"),
        (b"[]", "is no JSON object"),
        (b'{"status": "ok"}', "has another form than expected"),
        (b'{"items": [{"id": "a"}], "next": "/again"}', "has another form than expected"),
        (b'{"items": [], "next": "http://elsewhere"}', "has another form than expected"),
    ],
)
def test_an_answer_that_is_none_of_the_api_is_refused(
    stack: Stack, body: bytes, sentence: str
) -> None:
    class Other(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Other) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}"
        ended = run.invoke(commands, ["audit", "--registration", address])
        server.shutdown()
        thread.join()
    assert (ended.exit_code, len(ended.stderr.splitlines())) == (2, 1)
    assert sentence in ended.stderr


@pytest.mark.parametrize("token", ["", "\n", "zwölf", "two words"])
def test_a_file_without_a_token_is_refused(stack: Stack, tmp_path: Path, token: str) -> None:
    file = tmp_path / "token"
    file.write_text(token)
    ended = run.invoke(commands, ["audit", "--token-file", str(file)])
    assert (ended.exit_code, len(ended.stderr.splitlines())) == (2, 1)
    assert "--token-file" in ended.stderr


def test_what_is_missing_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KUKM_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1")
    monkeypatch.setenv("KUKM_KAFKA_SECURITY_PROTOCOL", "SSL")
    ended = run.invoke(commands, ["audit", "--budget", "http://127.0.0.1:1"])
    assert ended.exit_code == 2
    assert "--registration (KUKM_REGISTRATION_URL)" in ended.stderr
    assert "--budget" not in ended.stderr
    urls = [f"--{name}=http://127.0.0.1:1" for name in ("registration", "selection", "budget")]
    ended = run.invoke(commands, ["audit", *urls, "--reporting=http://127.0.0.1:1"])
    assert (ended.exit_code, "--token-file (KUKM_TOKEN_FILE)" in ended.stderr) == (2, True)
    missing = str(tmp_path / "missing")
    ended = run.invoke(commands, ["audit", *urls, "--reporting=http://x", "--token-file", missing])
    assert (ended.exit_code, "No such file" in ended.stderr) == (2, True)


def evidence(messages: int, *numbers: int) -> Evidence:
    """Return the evidence of one envelope whose events have these numbers."""
    facts = [
        Fact(f"envelope/2018.DOMESTIC@{number:020d}", "envelope", "2018.DOMESTIC", number,
             "envelope-opened", "2018-01-02T00:00:00.000Z", "o",
             {**ENVELOPE, "blocked_idr": 0, "allotted_idr": 0})
        for number in numbers
    ]  # fmt: skip
    items = {"2018.DOMESTIC": {
        "id": "2018.DOMESTIC", "version": 1, "allotted": {}, "pagu_idr": 50, "effective_idr": 50,
        "unallotted_idr": 50, "available_idr": 50, "remaining_idr": 50,
        **dict.fromkeys(("blocked_idr", "allotted_idr", "reserved_idr", "contracted_idr",
                         "outstanding_idr", "realised_idr", "sunk_idr"), 0),
    }}  # fmt: skip
    return Evidence(
        topics=Topics(
            facts={"envelope": {"2018.DOMESTIC": facts}}, messages=messages, foreign=0
        ),
        answers=Answers(
            exhibitions={}, applications={}, rounds={}, candidates={}, envelopes=items,
            allocations={}, outcomes={}, proposals={}, reports={}, exhibition_rows={},
        ),
    )  # fmt: skip


def differing(*readings: Evidence) -> list[str]:
    """Return the checks that differ after these readings, all of which are needed."""
    left: Sequence[Evidence] = list(readings)
    iterator = iter(left)
    _, outcomes = audited(lambda: next(iterator), pause_seconds=0)
    assert next(iterator, None) is None
    return [outcome.name for outcome in outcomes if not outcome.good]


def test_the_audit_knows_every_event_that_is_published() -> None:
    for cls in published([service_named(name) for name in SERVICES]):
        word = cls.type_name().rpartition(".")[0].rpartition(".")[2]
        lives = {word for words in LIVES.get(cls.kind, {}).values() for word in words}
        assert word in {*lives, *OTHERS.get(cls.kind, ()), FIRST.get(cls.kind)}, cls


def test_a_difference_of_a_moment_is_not_reported() -> None:
    assert differing(evidence(1, 2), evidence(2, 1)) == []


def test_a_lasting_difference_is_reported() -> None:
    assert differing(evidence(1, 2), evidence(1, 2)) == [GAP]


def test_a_difference_is_read_again_while_messages_come() -> None:
    assert differing(evidence(1, 2), evidence(2, 2), evidence(2, 2)) == [GAP]


def test_a_system_that_never_rests_is_said_to() -> None:
    readings = iter([evidence(number, 2) for number in range(READINGS_MAX)])
    with pytest.raises(NeverIdle):
        audited(lambda: next(readings), pause_seconds=0)


def message(sequence: int, data: bytes, type: bytes = b"kukm.budget.envelope-opened.v1") -> Message:
    """Return a message of an envelope."""
    headers = {
        "ce_specversion": b"1.0",
        "ce_source": b"/kukm/budget/envelope",
        "ce_id": f"envelope/2018.DOMESTIC@{sequence:020d}".encode(),
        "ce_type": type,
        "ce_subject": b"2018.DOMESTIC",
        "ce_sequence": f"{sequence:020d}".encode(),
        "ce_time": b"2018-01-02T00:00:00.000Z",
    }
    return Message(("budget", 0), sequence, b"2018.DOMESTIC", headers, data)


def test_messages_that_are_no_events_are_counted() -> None:
    messages = [
        message(1, b"{}"),
        message(2, b"[]"),
        message(2, b"{" * 200_000),
        message(2, b"{}", b"opened"),
        message(2, b"\xff"),
        message(2, b'{"a":' * 300 + b"1" + b"}" * 300),
    ]
    topics = Topics.of_messages(messages)
    assert (topics.messages, topics.foreign, topics.count("envelope")) == (6, 5, 1)
    assert topics.ends == {"budget/0": 3}


def test_a_message_that_contradicts_an_event_is_a_gap() -> None:
    same, other = message(1, b"{}"), message(1, b'{"pagu_idr": 9}')
    assert list(Topics.of_messages([same, same]).gaps()) == []
    assert len(list(Topics.of_messages([same, other]).gaps())) == 1
