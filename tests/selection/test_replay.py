"""A selection is made again from its history alone, and a changed byte is found and named."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gelar.commands import commands
from gelar.selection.app import history_of
from gelar.selection.history_file import Broken, Line, read, write, written
from gelar.selection.replay import NoReplay, replay
from services.selection.app import service
from tests.selection.examples import EXHIBITION
from tests.selection.secretariat import Secretariat
from tests.selection.test_api_quotas import COOPERATIVES, NEWCOMERS

RUN = f"{EXHIBITION}.1-3"
run = CliRunner()


def gelar(*words: str) -> Result:
    """Run `gelar selection replay`, in a process that knows no server."""
    return run.invoke(commands, ["selection", "replay", *words], env={"COLUMNS": "300"})


async def exported(secretariat: Secretariat, run: str = RUN) -> list[str]:
    """Return the lines of the history of a selection under quotas, after its approval."""
    digest = await secretariat.proposed({"a": 3, "b": 5, "c": 4}, (NEWCOMERS, COOPERATIVES))
    approval = {"digest": digest}
    await secretariat.done(f"/rounds/{EXHIBITION}/approval", approval, role="approver")
    await secretariat.settles()
    return list(written(run, await history_of(service.engine, run)))


async def test_a_selection_is_made_again_byte_for_byte_without_a_server(
    secretariat: Secretariat, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    lines = await exported(secretariat)
    file = tmp_path / "run.jsonl"
    write(file, lines)
    assert file.stat().st_mode & 0o777 == 0o600, "sheets and curators are in it"
    with pytest.raises(FileExistsError):
        write(file, lines)
    capfd.readouterr()
    again = gelar(RUN, str(file))
    assert "HiGHS" not in capfd.readouterr().out, "the solver prints nothing between"
    assert again.exit_code == 0, again.output
    assert f"{RUN}: 3 candidates, made again byte for byte" in again.stdout
    proposal = await secretariat.shows(f"/rounds/{EXHIBITION}/proposal", "approver")
    assert proposal["digest"] in again.stdout
    assert gelar("other.1-1", str(file)).exit_code == 2
    assert gelar(RUN, str(tmp_path / "nothing")).exit_code == 2
    text = file.read_text()
    for place in range(0, len(text), 1_511):
        changed = "0" if text[place] != "0" else "1"
        file.write_text(text[:place] + changed + text[place + 1 :])
        found = gelar(RUN, str(file))
        assert found.exit_code == 1, (place, found.output)
        number = text[:place].count("\n") + 1
        assert f"line {number}" in found.output
        if number > 1 and '"id":' in (line := file.read_text().splitlines()[number - 1]):
            assert line.partition('"id":"')[2].partition('"')[0] in found.output, "it is named"


def forged(lines: list[str], change: Callable[[dict[str, str]], None]) -> str:
    """Return the file with a change of its events, its chain made again as a forger would."""
    events = [json.loads(line) for line in lines[1:]]
    for event in events:
        change(event)
        del event["digest"]
    return "\n".join(written(json.loads(lines[0])["run"], [Line(**event) for event in events]))


async def test_a_forger_who_chains_the_file_again_is_found_by_what_comes_out(
    secretariat: Secretariat,
) -> None:
    lines = await exported(secretariat)
    assert replay(read(forged(lines, lambda event: None))).differences == []

    def raise_a_level(event: dict[str, str]) -> None:
        if event["id"].startswith(f"candidate/{EXHIBITION}.a@") and event["private"]:
            event["private"] = event["private"].replace('"total":6000', '"total":9000')

    differences = replay(read(forged(lines, raise_a_level))).differences
    assert f"{EXHIBITION}.a: its sheets make 9000, recorded 6000" in differences

    def forget_a_candidate(event: dict[str, str]) -> None:
        if event["id"].startswith(f"candidate/{EXHIBITION}.a@"):
            event["id"] = event["id"].replace(".a@", ".x@")

    with pytest.raises(NoReplay, match="refuse to rank"):
        replay(read(forged(lines, forget_a_candidate)))


async def test_a_file_without_its_run_is_no_replay(secretariat: Secretariat) -> None:
    lines = await exported(secretariat)
    assert await history_of(service.engine, f"{EXHIBITION}.1-4") == []
    with pytest.raises(NoReplay, match="0 events"):
        replay(read(lines[0]))
    with pytest.raises(Broken, match="line 1"):
        read("{}")
    with pytest.raises(Broken, match="line 2"):
        read(f"{lines[0]}\nnothing")
