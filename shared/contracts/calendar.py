"""Dates and times of the programme: dates are dates in Jakarta, wherever a show is."""

from datetime import UTC, date, datetime, time, timedelta, timezone

WIB = timezone(timedelta(hours=7), "WIB")
"""Waktu Indonesia Barat: seven hours ahead of UTC all year, so no time zone data is needed."""


def jakarta_date(at: datetime) -> date:
    """Return the day in Jakarta at this instant."""
    return at.astimezone(WIB).date()


def jakarta_midnight(day: date) -> datetime:
    """Return the instant at which this day begins in Jakarta."""
    return datetime.combine(day, time(), WIB)


def day_before_ends(day: date) -> datetime:
    """Return the last millisecond of the day before this day, in Jakarta."""
    return (jakarta_midnight(day) - timedelta(milliseconds=1)).astimezone(UTC)


def moment(at: datetime) -> str:
    """Return a time in UTC and in WIB: `2018-03-01 02:00:00Z = 09:00:00 WIB`.

    The day is repeated where it is another day in WIB.
    """
    return f"{at:%Y-%m-%d %H:%M:%S}Z = {in_wib(at)}"


def in_wib(at: datetime) -> str:
    """Return the time of day in WIB, with the day where it differs from that of `at`."""
    local = at.astimezone(WIB)
    day = "" if local.date() == at.date() else f"{local:%Y-%m-%d} "
    return f"{day}{local:%H:%M:%S} WIB"
