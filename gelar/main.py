"""The command line `gelar`: a module per command, and here one line for each of them."""

import typer

from gelar import parked, rebuild, topics
from gelar.events_page import write_documents
from gelar.token import token
from gelar.verify import verify_databases

app = typer.Typer(
    name="gelar",
    help="Gelar on the command line: tokens for your own machine, and the operator's tools.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)

app.command("token")(token)
app.command("verify")(verify_databases)
app.add_typer(topics.app, name="topics")
app.add_typer(parked.app, name="parked")
app.add_typer(rebuild.app, name="rebuild")
app.command("docs")(write_documents)

if __name__ == "__main__":
    app()
