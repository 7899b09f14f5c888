"""`gelar clock` reads and sets the programme's clock of a local system only."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from gelar.commands import commands
from shared.clock import FileClock, write_real_time

run = CliRunner()


@pytest.fixture
def clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Name a clock file, at the real time, in the environment of a local system."""
    path = tmp_path / "clock"
    write_real_time(path)
    for name, value in {
        "KUKM_ENVIRONMENT": "local",
        "KUKM_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1",
        "KUKM_MONGO_URI": "mongodb://127.0.0.1:1",
        "KUKM_CLOCK_FILE": str(path),
    }.items():
        monkeypatch.setenv(name, value)
    return path


def say(*arguments: str) -> str:
    """Run the command, and return what it prints."""
    ended = run.invoke(commands, ["clock", *arguments])
    assert ended.exit_code == 0, ended.output
    return ended.output.strip()


def test_a_year_is_played_by_hand(clock: Path) -> None:
    assert say("show").endswith("WIB, the real time")
    at = "2018-03-01 02:00:00Z = 09:00:00 WIB, it stands still"
    assert say("set", "2018-03-01T09:00").endswith(at)
    assert say("set", "2018-03-01T02:00:00Z") == at
    assert FileClock(clock).now().isoformat() == "2018-03-01T02:00:00+00:00"
    assert say("advance", "3d").startswith("2018-03-04 02:00:00Z")
    assert say("advance", "90s").startswith("2018-03-04 02:01:30Z")
    assert say("real").endswith("the real time")


def test_a_clock_that_goes_back_is_said_to(clock: Path) -> None:
    march = "2018-03-01 02:00:00Z = 09:00:00 WIB"
    back = say("set", "2018-03-01T09:00")
    assert back.startswith("goes back from 20")
    assert back.endswith(f" to {march}, it stands still")
    assert "goes back" not in say("set", "2018-03-02T09:00")
    april = say("set", "9018-04-01T09:00").removesuffix(", it stands still")
    assert say("set", "2018-03-01T09:00") == f"goes back from {april} to {march}, it stands still"
    clock.write_text("soon")
    assert say("set", "2018-03-01T09:00") == f"{march}, it stands still"
    say("set", "9018-04-01T09:00")
    assert say("real").startswith(f"goes back from {april} to 20")


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (("set", "yesterday"), "use one like"),
        (("set", "2018-02-30T09:00"), "use one like"),
        (("advance", "3"), "use one like"),
        (("advance", "-3d"), "No such option"),
        (("advance", "99999w"), "the calendar ends before that"),
    ],
)
def test_what_is_no_time_is_refused_and_changes_nothing(
    clock: Path, arguments: tuple[str, ...], advice: str
) -> None:
    say("set", "9000-03-01T09:00")
    before = clock.read_text()
    ended = run.invoke(commands, ["clock", *arguments])
    assert ended.exit_code == 2
    assert advice in ended.output
    assert clock.read_text() == before


def test_a_clock_that_cannot_be_read_is_named(clock: Path) -> None:
    clock.write_text("soon")
    for arguments in (("show",), ("advance", "1d")):
        ended = run.invoke(commands, ["clock", *arguments])
        assert (ended.exit_code, "cannot be read as an instant" in ended.output) == (1, True)


def test_only_a_local_system_has_a_clock(clock: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KUKM_CLOCK_FILE")
    ended = run.invoke(commands, ["clock", "set", "2018-03-01T09:00"])
    assert (ended.exit_code, "only a local system has one" in ended.output) == (1, True)
    monkeypatch.setenv("KUKM_ENVIRONMENT", "production")
    monkeypatch.setenv("KUKM_CLOCK_FILE", str(clock))
    ended = run.invoke(commands, ["clock", "show"])
    assert (ended.exit_code, "production keeps the real time" in ended.output) == (2, True)
