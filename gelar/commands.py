"""The commands of `gelar`: add a line to `COMMANDS` for each."""

from gelar.lazy import CommandSource, lazy_group

COMMANDS = {
    "token": CommandSource(
        "gelar.token",
        "print_token",
        "Print a bearer token for the local system, for use as `$(…)`.",
        parses_itself=True,
    ),
    "verify": CommandSource(
        "gelar.verify", "verify_databases", "Compare the topics and the databases of all services."
    ),
    "audit": CommandSource(
        "gelar.audit", "audit", "Check every invariant of the domain, from the topics and APIs."
    ),
    "topics": CommandSource("gelar.topics", "app", "Read, create and check the public topics."),
    "clock": CommandSource(
        "gelar.clock", "app", "Read and set the programme's clock of a local system."
    ),
    "parked": CommandSource("gelar.parked", "app", "List, redrive or discard parked events."),
    "rebuild": CommandSource(
        "gelar.rebuild", "app", "Rebuild a service's mirrors, views and tallies from the topics."
    ),
    "versions": CommandSource(
        "gelar.versions", "app", "Show which version of a service consumes, and accept another."
    ),
    "backfill": CommandSource(
        "gelar.versions", "backfill", "Run a reaction on events that came before it was live."
    ),
    "migrate": CommandSource(
        "gelar.migrate", "migrate_database", "Build the indexes and records that a version needs."
    ),
    "rekey": CommandSource(
        "gelar.identifiers", "rotate_identifier_key", "Hash all official numbers with a new key."
    ),
    "backup": CommandSource(
        "gelar.backup", "app", "Make, check and restore backups of a service's database."
    ),
    "restored": CommandSource(
        "gelar.restored", "app", "After a restore: settle what was lost, publish what a topic lost."
    ),
    "selection": CommandSource(
        "gelar.selection.app", "app", "Export the history of a selection's run, and replay it."
    ),
    "docs": CommandSource(
        "gelar.events_page",
        "write_documents",
        "Write the generated pages, JSON Schemas and alerts.",
    ),
}

commands = lazy_group(
    "Gelar on the command line: tokens for your own machine, and the operator's tools.", COMMANDS
)
