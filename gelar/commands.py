"""The commands of `gelar`: add a line to `COMMANDS` for each."""

from gelar.lazy import CommandSource, lazy_group

COMMANDS = {
    "token": CommandSource(
        "gelar.token", "command", "Print a bearer token for the local system, for use as `$(…)`."
    ),
    "verify": CommandSource(
        "gelar.verify", "verify_databases", "Compare the topics and the databases of all services."
    ),
    "audit": CommandSource(
        "gelar.audit", "audit", "Check the invariants of the programme in topics and APIs."
    ),
    "topics": CommandSource("gelar.topics", "app", "Read the public topics."),
    "parked": CommandSource("gelar.parked", "app", "List, redrive or discard parked events."),
    "rebuild": CommandSource(
        "gelar.rebuild", "app", "Rebuild a service's mirrors, views and tallies from the topics."
    ),
    "docs": CommandSource(
        "gelar.events_page", "write_documents", "Write the event pages and JSON Schemas."
    ),
}

commands = lazy_group(
    "Gelar on the command line: tokens for your own machine, and the operator's tools.", COMMANDS
)


def run(arguments: list[str]) -> None:
    """Run the command that the arguments name.

    A known command is called directly: the group's own parser imports pydantic, which takes longer
    than all of `gelar token`. The group answers `--help`, unknown names and shell completion.
    """
    name = arguments[0] if arguments else ""
    if name in COMMANDS:
        COMMANDS[name].load(name).main(args=arguments[1:], prog_name=f"gelar {name}")
    else:
        commands(prog_name="gelar")
