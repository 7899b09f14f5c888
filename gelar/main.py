"""The installed script `gelar`: run the command line, and end quietly on Ctrl-C.

Everything is imported inside `app`, so that it also catches an interrupt during the imports.
"""

INTERRUPTED_EXIT_CODE = 130


def app() -> None:
    """Run the command line with the arguments of this process."""
    try:
        import sys

        from gelar.commands import run

        run(sys.argv[1:])
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED_EXIT_CODE) from None


if __name__ == "__main__":
    app()
