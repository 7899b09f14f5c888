"""`gelar token`: print a bearer token for a local system, signed with the key of `make up`.

It prints the token and nothing else, so that it fits into `$(…)`. It reads its options with
argparse, because typer imports pydantic to read options, which takes longer than all the rest.
"""

import os
import re
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Sequence
from pathlib import Path

from gelar.issuer import LIFETIME_SECONDS, KeysMissing, issue_token
from shared.contracts.roles import Role
from shared.contracts.tokens import ACTOR

SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
LOCAL_KEYS = ".local/up/keys"
KEYS_VARIABLE = "KUKM_LOCAL_KEYS"
DESCRIPTION = """Print a bearer token for the local system, for use as $(gelar token --role …).

The rules compare people by actor: the actor who proposes cannot approve. Give each person an actor
of their own."""


def print_token(arguments: Sequence[str]) -> None:
    """Print the token that these options describe; ends the process with 2 if they are wrong."""
    options = _parser().parse_args(arguments)
    try:
        token = issue_token(
            options.keys,
            actor=options.actor or options.role[0],
            roles=options.role,
            enterprise=options.enterprise,
            lifetime_seconds=options.lifetime,
        )
    except KeysMissing as error:
        print(f"{error}: start the system with `make up` first, or use --keys.", file=sys.stderr)
        raise SystemExit(1) from None
    print(token)


def _parser() -> ArgumentParser:
    parser = ArgumentParser("gelar token", description=DESCRIPTION, allow_abbrev=False)
    parser.add_argument(
        "--role",
        required=True,
        action="append",
        choices=[role.value for role in Role],
        metavar="ROLE",
        help=f"{', '.join(Role)}. Repeat it for several.",
    )
    parser.add_argument(
        "--enterprise", metavar="ID", help="The id of the enterprise that the token acts for."
    )
    parser.add_argument(
        "--actor", type=_actor, metavar="NAME", help="The actor's name. Default: the first role."
    )
    parser.add_argument(
        "--lifetime",
        type=_seconds,
        default=LIFETIME_SECONDS,
        metavar="TIME",
        help="The time until the token expires: 90s, 30m, 1h, 2d. Default: 1h.",
    )
    parser.add_argument(
        "--keys",
        type=Path,
        default=Path(os.environ.get(KEYS_VARIABLE) or LOCAL_KEYS),
        metavar="FOLDER",
        help=f"The folder with the signing key. Default: {KEYS_VARIABLE}, else {LOCAL_KEYS}.",
    )
    return parser


def _actor(name: str) -> str:
    if name and not ACTOR.fullmatch(name):
        raise ArgumentTypeError("use 1 to 128 of the characters A-Z a-z 0-9 : . _ -")
    return name


def _seconds(lifetime: str) -> int:
    match = re.fullmatch(r"([1-9][0-9]{0,5})([smhd])", lifetime.strip())
    if match is None:
        raise ArgumentTypeError(f"{lifetime!r} is not a time span: use the form 90s, 30m, 1h or 2d")
    return int(match[1]) * SECONDS[match[2]]
