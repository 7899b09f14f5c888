"""Check-ins (Kehadiran per hari): the days on which a participant's code was scanned at its booth.

They are events of the application. No event carries the code itself.
"""

from datetime import date
from typing import ClassVar

from shared.contracts.event import Event, Private
from shared.contracts.registration.floor_plan import BoothLabel
from shared.contracts.words import Applicant, Instant


class _CheckIn(Event):
    service: ClassVar[str] = "registration"
    kind: ClassVar[str] = "application"

    applicant: Applicant


class ParticipantCheckedIn(_CheckIn):
    """The participant was there on this day of the exhibition, in this `booth` (None: it has none).

    `scanned_at` is the time of the scan; a device that was offline sends it later.
    """

    day: date
    booth: BoothLabel | None = None
    scanned_at: Instant
    checked_by: Private[str] = ""


class CheckInUndone(_CheckIn):
    """The check-in of this day was a mistake, as another officer says: it does not count."""

    day: date
    reason: Private[str] = ""
    undone_by: Private[str] = ""


class AttendanceRetracted(_CheckIn):
    """All check-ins by which it had attended are undone: its attendance is not recorded any more.

    It is a confirmed participant as before its first check-in.
    """


CheckInEvent = ParticipantCheckedIn | CheckInUndone | AttendanceRetracted
