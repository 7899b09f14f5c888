"""An operator's commands run in the pods of the tools, as their README says."""

import subprocess
from pathlib import Path

from demo.player.people import AUDITOR, Tokens
from deploy.local.children import ROOT
from tests.k8s_lab.conftest import Played

README = ROOT / "deploy" / "k8s" / "components" / "tools" / "README.md"


def test_the_documented_commands_find_no_difference(played: Played, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text(Tokens(played.lab.keys).of(AUDITOR))
    checking, auditing = (block.strip() for block in README.read_text().split("```")[1::2])
    for commands, said in ((checking, "budget"), (auditing, "checks hold.")):
        script = commands.replace("< TOKEN", f"< {token}")
        done = subprocess.run(["sh", "-e", "-c", script], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr + done.stdout
        assert said in done.stdout
