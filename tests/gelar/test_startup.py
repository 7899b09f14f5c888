"""`gelar` starts at once, under any user, and an interrupt during the start is no error."""

import ast
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gelar.commands import COMMANDS, commands
from gelar.issuer import ensure_local_key
from tests.conftest import ROOT

HEAVY = (
    "asyncio",
    "confluent_kafka",
    "fastapi",
    "httpx",
    "joserfc",
    "motor",
    "pydantic",
    "pymongo",
    "rich.console",
    "services",
    "shared.service",
    "structlog",
    "uvicorn",
)
LIST_MODULES = """
import sys
from gelar.main import app
try:
    app()
except SystemExit as ended:
    assert not ended.code, ended.code
print(*sorted(sys.modules), file=sys.stderr)
"""
INTERRUPT_IMPORT = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
watched = sys.argv.pop(1)

class Interrupt:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == watched:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interrupt)
from gelar.main import app
app()
"""
WITHOUT_ACCOUNT = """
import pwd

def getpwuid(uid):
    raise KeyError(f"getpwuid(): uid not found: {uid}")

pwd.getpwuid = getpwuid
from gelar.main import app
app()
"""
PRINT_USER_NAME = """
import getpass, os
from gelar.parked import user_name
os.setuid(54321)
print(user_name())
"""


def run_program(
    program: str, *arguments: str, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program of Python with these arguments."""
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(
    "arguments", [["--help"], ["token", "--help"], ["token", "--role", "auditor"]]
)
def test_help_and_token_import_no_heavy_module(arguments: list[str], tmp_path: Path) -> None:
    ensure_local_key(tmp_path)
    env = {**os.environ, "KUKM_LOCAL_KEYS": str(tmp_path)}
    ended = run_program(LIST_MODULES, *arguments, env=env)
    assert ended.returncode == 0, ended.stderr
    imported = set(ended.stderr.splitlines()[-1].split())
    assert ("gelar.token" if "token" in arguments else "gelar.commands") in imported
    assert [name for name in HEAVY if name in imported] == []


def test_the_list_of_heavy_modules_names_real_modules() -> None:
    assert [name for name in HEAVY if find_spec(name) is None] == []


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_listed_command_can_be_loaded_and_has_help(name: str) -> None:
    assert CliRunner().invoke(commands, [name, "--help"]).exit_code == 0


def test_help_lists_every_command_with_its_line() -> None:
    listed = CliRunner().invoke(commands, ["--help"], env={"COLUMNS": "200"}).stdout
    for name, source in COMMANDS.items():
        assert f"  {name} " in listed
        assert source.help in listed


def test_a_misspelt_command_is_refused_with_a_proposal() -> None:
    refused = CliRunner().invoke(commands, ["tokne"])
    assert refused.exit_code == 2
    assert "Did you mean 'token'?" in refused.stderr


@pytest.mark.parametrize(
    ("watched", "arguments"),
    [
        ("gelar.commands", ["--help"]),
        ("typer", ["--help"]),
        ("gelar.issuer", ["token", "--role", "auditor"]),
        ("confluent_kafka", ["topics", "tail"]),
        ("motor", ["verify"]),
    ],
)
def test_an_interrupt_during_the_imports_ends_without_a_traceback(
    watched: str, arguments: list[str]
) -> None:
    ended = run_program(INTERRUPT_IMPORT, watched, *arguments)
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "")


def without_names() -> dict[str, str]:
    """Return this environment without the variables that name the user."""
    names = ("LOGNAME", "USER", "LNAME", "USERNAME", "HOME")
    return {name: value for name, value in os.environ.items() if name not in names}


@pytest.mark.parametrize("arguments", [["--help"], ["parked", "discard", "--help"]])
def test_a_user_without_an_account_can_run_it(arguments: list[str]) -> None:
    ended = run_program(WITHOUT_ACCOUNT, *arguments, env=without_names())
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "Usage: gelar" in ended.stdout


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become another user")
def test_without_an_account_the_operator_is_the_user_id() -> None:
    ended = run_program(PRINT_USER_NAME, env=without_names())
    assert (ended.returncode, ended.stdout) == (0, "54321\n"), ended.stderr


def test_the_script_imports_nothing_before_it_catches_an_interrupt() -> None:
    module = ast.parse((ROOT / "gelar" / "main.py").read_text())
    assert not [node for node in module.body if isinstance(node, ast.Import | ast.ImportFrom)]
