"""The refusals of files; `content` lists their codes."""

from shared.kernel.errors import Busy, Problem

BYTES_MAX = 10 * 2**20
"""The most bytes of an uploaded file."""


class BadFile(Problem):
    """A file that does not come in; the code says why (422)."""

    status = 422


class FileTooLarge(BadFile):
    """A file of more than `BYTES_MAX` bytes (413)."""

    status = 413

    def __init__(self) -> None:
        super().__init__(
            "file-too-large",
            f"The file has more than {BYTES_MAX // 2**20} MiB: scan it with fewer dots, or split "
            "it into several files.",
        )


class FileTypeUnknown(BadFile):
    """A file of another type (415)."""

    status = 415


def busy() -> Busy:
    """Return the refusal while this process has as many files as it can take."""
    return Busy("files-busy", "Other files are being examined: try again in a moment.")


def damaged() -> BadFile:
    """Return the refusal of a file that cannot be read to its end."""
    return BadFile("file-damaged", "The file cannot be read to its end: save or scan it again.")


def has_more() -> BadFile:
    """Return the refusal of a file that is more than one thing."""
    return BadFile(
        "file-has-more",
        "There is something after the end of the file, as some telephones add it to a picture: "
        "export or save it again, and send the new file.",
    )


def unpacks_too_large() -> BadFile:
    """Return the refusal of a file that a viewer could not unpack."""
    return BadFile(
        "file-unpacks-too-large",
        "The file is too large once it is unpacked: scan it with fewer dots, or send fewer pages.",
    )
