"""`gelar token`: a bearer token for one's own machine, signed with the key that `make up` has made.

Prints the token and nothing else, so that it fits into `$(…)`.
"""

import re
from pathlib import Path
from typing import Annotated

import typer

from gelar.issuer import KeysMissing, issue_token
from shared.contracts.roles import Role
from shared.http.auth import ACTOR

SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
LOCAL_KEYS = Path(".local/up/keys")


def token(
    role: Annotated[
        list[Role],
        typer.Option(metavar="ROLE", help=f"{', '.join(Role)}. Repeat it for several."),
    ],
    *,
    enterprise: Annotated[
        str | None, typer.Option(help="The enterprise that the token speaks for, by its id.")
    ] = None,
    actor: Annotated[
        str | None, typer.Option(help="Who acts; the first role's name if you do not say.")
    ] = None,
    lifetime: Annotated[str, typer.Option(help="How long it is good: 90s, 30m, 1h, 2d.")] = "1h",
    keys: Annotated[
        Path,
        typer.Option(help="The folder with the signing key.", envvar="KUKM_LOCAL_KEYS"),
    ] = LOCAL_KEYS,
) -> None:
    """Print a bearer token for the local system, for use as `$(gelar token --role …)`.

    Rules compare people by actor: whoever proposes cannot approve, so give them different names.
    """
    who = actor or role[0].value
    if not ACTOR.fullmatch(who):
        raise typer.BadParameter("1-128 of A-Z a-z 0-9 : . _ - please.", param_hint="--actor")
    try:
        issued = issue_token(
            keys,
            actor=who,
            roles=role,
            enterprise=enterprise,
            lifetime_seconds=_seconds(lifetime),
        )
    except KeysMissing as error:
        typer.echo(f"{error}: start the system with `make up` first, or use --keys.", err=True)
        raise typer.Exit(1) from None
    typer.echo(issued)


def _seconds(lifetime: str) -> int:
    match = re.fullmatch(r"([1-9][0-9]{0,5})([smhd])", lifetime.strip())
    if match is None:
        raise typer.BadParameter(
            f"{lifetime!r} is no time span: say 90s, 30m, 1h or 2d.", param_hint="--lifetime"
        )
    return int(match[1]) * SECONDS[match[2]]
