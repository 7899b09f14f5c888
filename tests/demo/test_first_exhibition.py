"""The commands of `docs/first-exhibition.md` are run as they stand, in a system of `make up`."""

import re
import shutil
import subprocess
from pathlib import Path
from uuid import uuid4

import pytest

from deploy.local.servers import Servers
from deploy.local.stack import local_stack
from shared.clock import write_real_time
from tests.conftest import ROOT
from tests.long_tests import long_test

PAGE = ROOT / "docs" / "first-exhibition.md"


@long_test
@pytest.mark.skipif(shutil.which("curl") is None, reason="the page uses curl")
def test_the_way_of_the_first_exhibition_leads_to_a_participant(
    servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (".venv", "services"):
        (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KUKM_KAFKA_BOOTSTRAP_SERVERS", servers.kafka_bootstrap)
    monkeypatch.setenv("KUKM_MONGO_URI", servers.mongo_uri)
    write_real_time(clock := tmp_path / "clock")
    commands = re.findall(r"^```sh\n(.*?)^```", PAGE.read_text(), re.S | re.M)
    namespace = f"t{uuid4().hex[:8]}"
    with local_stack(Path(".local/up"), namespace=namespace, clock_file=clock) as stack:
        for name in ("KUKM_KAFKA_BOOTSTRAP_SERVERS", "KUKM_MONGO_URI"):
            monkeypatch.delenv(name)
        for service, url in stack.urls.items():
            monkeypatch.setenv(service.upper(), url)
        walked = subprocess.run(
            ["bash", "-euo", "pipefail"],
            input="\n".join(["SENT=0", *commands]),
            capture_output=True,
            text=True,
            check=False,
        )
    assert walked.returncode == 0, walked.stdout[-2_000:] + walked.stderr[-2_000:]
    *_, attendance, _audit = re.findall(r"^\{.*|^All \d+ checks hold", walked.stdout, re.M)
    assert '"present":{"2027-05-05":1}' in attendance
