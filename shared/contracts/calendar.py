"""The ministry's calendar day: dates of the programme are dates in Jakarta, wherever a show is."""

from datetime import date, datetime, time, timedelta, timezone

WIB = timezone(timedelta(hours=7), "WIB")
"""Waktu Indonesia Barat: seven hours ahead of UTC all year, so no time zone data is needed."""


def jakarta_date(at: datetime) -> date:
    """Return the day in Jakarta at this instant."""
    return at.astimezone(WIB).date()


def jakarta_midnight(day: date) -> datetime:
    """Return the instant at which this day begins in Jakarta."""
    return datetime.combine(day, time(), WIB)
