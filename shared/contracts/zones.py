"""Time zones by their IANA names: that of the host of an exhibition, and the three of Indonesia."""

from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, StringConstraints

from shared.contracts.wrong_value import WrongValue

JAKARTA = "Asia/Jakarta"

INDONESIAN = {JAKARTA: "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
"""The zones of Indonesia with their labels: Waktu Indonesia Barat, Tengah, Timur."""

ZONE_PATTERN = r"^[A-Z][A-Za-z]+(/[A-Z][A-Za-z0-9_-]+){1,2}$"

Zone = Annotated[str, StringConstraints(pattern=ZONE_PATTERN, max_length=64)]
"""The name of a zone in an event; a reader may not know each zone that a later writer knows."""


def _known(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise WrongValue(
            "name a time zone of the IANA list, like Asia/Makassar",
            id="sebutkan zona waktu dari daftar IANA, misalnya Asia/Makassar",
        ) from None
    return name


KnownZone = Annotated[Zone, AfterValidator(_known)]
"""The name of a zone that is in the time zone data."""
