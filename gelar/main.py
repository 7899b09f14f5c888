"""The installed script `gelar`: run the command line, and end quietly on Ctrl-C.

Everything is imported inside `app`, so that it also catches an interrupt during the imports.
"""

INTERRUPTED_EXIT_CODE = 130


def app() -> None:
    """Run the command line with the arguments of this process."""
    try:
        import sys

        if sys.argv[1:2] == ["token"]:
            # Scripts call it for every request, so it does not even wait for typer.
            from gelar.token import print_token

            print_token(sys.argv[2:])
        else:
            from gelar.commands import commands

            commands(prog_name="gelar")
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED_EXIT_CODE) from None


if __name__ == "__main__":
    app()
