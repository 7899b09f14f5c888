"""Dates and times of the programme, in the zone that each of them belongs to.

The days of an exhibition are days of its host's zone. Days of documents, signatures, money and the
fiscal year are days in Jakarta, wherever a show is.
"""

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from shared.contracts.zones import JAKARTA

WIB = timezone(timedelta(hours=7), "WIB")
"""Waktu Indonesia Barat: seven hours ahead of UTC all year, so no time zone data is needed."""


def jakarta_date(at: datetime) -> date:
    """Return the day in Jakarta at this instant."""
    return at.astimezone(WIB).date()


def jakarta_midnight(day: date) -> datetime:
    """Return the instant at which this day begins in Jakarta."""
    return datetime.combine(day, time(), WIB)


def local_date(at: datetime, zone: str) -> date:
    """Return the day in this zone at this instant."""
    return at.astimezone(ZoneInfo(zone)).date()


def local_midnight(day: date, zone: str) -> datetime:
    """Return the instant at which this day begins in this zone, in UTC.

    Where clocks are put forward at midnight, the day begins at that instant.
    """
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def day_before_ends(day: date, zone: str) -> datetime:
    """Return the last millisecond of the day before this day, in this zone."""
    return local_midnight(day, zone) - timedelta(milliseconds=1)


def moment(at: datetime, zone: str = JAKARTA) -> str:
    """Return a time in UTC and in a zone: `2018-03-01 02:00:00Z = 09:00:00 WIB`.

    The day is repeated where it is another day in that zone.
    """
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z = {in_zone(at, zone)}"


def in_zone(at: datetime, zone: str = JAKARTA) -> str:
    """Return the time of day in a zone, with the day where it differs from that in UTC."""
    local = at.astimezone(ZoneInfo(zone))
    day = "" if local.date() == at.astimezone(UTC).date() else f"{local:%Y-%m-%d} "
    return f"{day}{local:%H:%M:%S} {label(at, zone)}"


def label(at: datetime, zone: str) -> str:
    """Return the label of a zone at an instant: `WIB`, `WITA`, `WIT`, `CEST`, or `UTC+08`."""
    name = at.astimezone(ZoneInfo(zone)).tzname() or ""
    return f"UTC{name}" if name[:1] in ("+", "-") else name
