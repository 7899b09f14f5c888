"""`gelar audit`: check every invariant of the domain. For auditors."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from gelar.checking.invariants.check import Outcome
from gelar.checking.invariants.reading import Apis, NeverIdle, NoAnswer, audited, read_evidence
from gelar.connection import LOCAL, connected, require_topics, servers_needed
from gelar.issuer import KeysMissing, issue_token
from gelar.services import SERVICES
from gelar.words import plain

SHOWN_MAX = 20


@servers_needed()
def audit(
    registration: Annotated[str | None, typer.Option(envvar="KUKM_REGISTRATION_URL")] = None,
    selection: Annotated[str | None, typer.Option(envvar="KUKM_SELECTION_URL")] = None,
    budget: Annotated[str | None, typer.Option(envvar="KUKM_BUDGET_URL")] = None,
    reporting: Annotated[str | None, typer.Option(envvar="KUKM_REPORTING_URL")] = None,
    token_file: Annotated[
        Path | None,
        typer.Option(envvar="KUKM_TOKEN_FILE", help="The file with a token of the role auditor."),
    ] = None,
) -> None:
    """Check every invariant of the domain, from the topics and the four APIs.

    It counts every figure of every report again from the published events, with code of its own.
    It needs the base address of each API and a token of the role auditor; where `make up` runs it
    finds them by itself. It prints each check with what it compared, and then the differences;
    exit 1 means that there are differences. `docs/invariants.md` explains each check.
    """
    given = dict(zip(SERVICES, (registration, selection, budget, reporting), strict=True))
    settings = connected(mongo=False)
    apis = Apis(_urls(given), _token(token_file))
    try:
        require_topics(settings, SERVICES, any_is_enough=False)
        _, outcomes = audited(lambda: read_evidence(settings, apis))
    except NoAnswer as error:
        _end(str(error))
    except NeverIdle as error:
        _end(f"Events keep coming: run the audit again at a quieter time. {error}")
    finally:
        apis.close()
    if not show_outcomes(Console(), outcomes):
        raise typer.Exit(1)


def show_outcomes(console: Console, outcomes: Sequence[Outcome]) -> bool:
    """Print the checks as a table, then their differences; return True if there are none."""
    title = "Audit (Pemeriksaan); #: the invariant's number in docs/invariants.md"
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    table.add_column("#", justify="right")
    for column in ("check", "compared", ""):
        table.add_column(column)
    for outcome in outcomes:
        verdict = Text("ok", style="green") if outcome.good else Text("DIFFERS", style="bold red")
        table.add_row(str(outcome.invariant or ""), outcome.name, outcome.compared, verdict)
    console.print(table)
    for outcome in outcomes:
        for difference in outcome.differences[:SHOWN_MAX]:
            line = plain(f"{outcome.name}: {difference}")
            console.print(line, style="red", markup=False, soft_wrap=True)
        if len(outcome.differences) > SHOWN_MAX:
            console.print(f"… and {len(outcome.differences) - SHOWN_MAX:,} more", style="red")
    bad = sum(not outcome.good for outcome in outcomes)
    if bad:
        console.print(f"{bad} of {len(outcomes)} checks differ.", style="bold red")
    else:
        console.print(f"All {len(outcomes)} checks hold.", style="bold green")
    return not bad


def _urls(given: dict[str, str | None]) -> dict[str, str]:
    urls = {name: url.rstrip("/") for name, url in given.items() if url}
    ports = LOCAL.parent / "ports.json"
    if len(urls) < len(given) and ports.exists():
        local = json.loads(ports.read_text())
        urls = {name: f"http://127.0.0.1:{local[name]}" for name in given if name in local} | urls
    missing = [f"--{name} (KUKM_{name.upper()}_URL)" for name in given if name not in urls]
    if missing:
        _end(f"Give the base address of each API: {', '.join(missing)} is not given.")
    return urls


def _token(file: Path | None) -> str:
    if file is not None:
        try:
            token = file.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            _end(f"--token-file (KUKM_TOKEN_FILE) cannot be read: {error}. Name another file.")
        if not token or " " in token:
            _end(f"--token-file (KUKM_TOKEN_FILE): {file} holds no token.")
        return token
    try:
        return issue_token(LOCAL.parent / "keys", actor="auditor", roles=["auditor"])
    except KeysMissing:
        _end("Give a token of the role auditor: --token-file (KUKM_TOKEN_FILE) is missing.")


def _end(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(2)
