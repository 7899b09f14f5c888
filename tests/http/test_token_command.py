"""`gelar token` prints a token that the services accept, or an error that says what to do."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from gelar.commands import commands
from shared.contracts.roles import Role
from shared.http.auth import Caller, Verifier
from shared.http.keys import keys_of
from shared.settings import Settings

RUNNER = CliRunner()


async def test_the_services_accept_the_token(keys: Path, settings: Settings) -> None:
    options = ["--role", "enterprise", "--role", "auditor", "--enterprise", "e1", "--actor", "u1"]
    result = RUNNER.invoke(commands, ["token", *options, "--lifetime", "2m", "--keys", str(keys)])
    assert result.exit_code == 0
    assert result.stdout.count("\n") == 1
    caller = await Verifier(keys_of(settings), settings).caller(f"Bearer {result.stdout.strip()}")
    assert caller == Caller(actor="u1", roles=frozenset({"enterprise", "auditor"}), enterprise="e1")


def test_the_folder_can_come_from_the_environment(keys: Path) -> None:
    result = RUNNER.invoke(
        commands, ["token", "--role", "auditor"], env={"KUKM_LOCAL_KEYS": str(keys)}
    )
    assert result.exit_code == 0


def test_without_keys_the_error_says_what_to_do(tmp_path: Path) -> None:
    result = RUNNER.invoke(commands, ["token", "--role", "auditor", "--keys", str(tmp_path)])
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "make up" in result.stderr


def test_an_unknown_role_lists_the_roles() -> None:
    result = RUNNER.invoke(commands, ["token", "--role", "boss"], env={"COLUMNS": "500"})
    assert result.exit_code == 2
    for role in Role:
        assert role.value in result.stderr


@pytest.mark.parametrize(
    "option", [["--lifetime", "2"], ["--lifetime", "0h"], ["--actor", "Ibu Sri"]]
)
def test_a_wrong_option_is_named(keys: Path, option: list[str]) -> None:
    result = RUNNER.invoke(commands, ["token", "--role", "auditor", "--keys", str(keys), *option])
    assert result.exit_code == 2
    assert option[0] in result.stderr


def test_help_names_the_commands() -> None:
    result = RUNNER.invoke(commands, ["--help"])
    assert result.exit_code == 0
    assert "token" in result.stdout
