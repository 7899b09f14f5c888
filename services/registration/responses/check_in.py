"""The responses of check-ins: the code as text and picture, and the attendance by day."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import segno

from services.registration.domain.application.state import Application, Status

QUIET_ZONE = 4
"""The white modules around a QR code, as ISO/IEC 18004 wants them."""

MODULE_PIXELS = 12
"""The pixels of a module of the PNG: with 25 modules and their quiet zone 396 in all."""


@dataclass(frozen=True, kw_only=True)
class CheckInResponse:
    """A day on which a participant was checked in, its booth on that day, and the scan."""

    day: date
    booth: str | None
    scanned_at: datetime


@dataclass(frozen=True, kw_only=True)
class CodeResponse:
    """The check-in code of a participant, and the days and the booth for which it is."""

    exhibition: str
    enterprise: str
    code: str
    booth: str | None
    starts_on: date
    ends_on: date


@dataclass(frozen=True, kw_only=True)
class CheckInAnswer:
    """The answer to a scan: the command's answer, the participant, and all days of its check-ins.

    A repeated scan of a day has no `events`.
    """

    id: str
    version: int
    events: tuple[str, ...]
    enterprise: str
    name: str | None
    booth: str | None
    check_ins: tuple[CheckInResponse, ...]


@dataclass(frozen=True, kw_only=True)
class AttendanceResponse:
    """A participant, also a former one: its status, its booth, and its days.

    `name` is None for who may not see it.
    """

    enterprise: str
    name: str | None
    status: Status
    contested: bool
    booth: str | None
    check_ins: tuple[CheckInResponse, ...]


def check_in_responses(state: Application) -> tuple[CheckInResponse, ...]:
    """Return the days of a participant, without the officers."""
    return tuple(
        CheckInResponse(day=each.day, booth=each.booth, scanned_at=each.scanned_at)
        for each in state.check_ins
    )


def attendance_response(
    state: Application, booths: Mapping[str, str | None], name: str | None
) -> AttendanceResponse:
    """Return the attendance of a participant of this floor plan."""
    return AttendanceResponse(
        enterprise=state.enterprise,
        name=name,
        status=state.status,
        contested=state.contested,
        booth=booths.get(state.enterprise),
        check_ins=check_in_responses(state),
    )


def qr_svg(code: str) -> bytes:
    """Return the QR code of a check-in code as an SVG picture, black on white."""
    return _picture(code, "svg")


def qr_png(code: str) -> bytes:
    """Return the QR code of a check-in code as a PNG picture, black on white."""
    return _picture(code, "png")


def _picture(code: str, kind: str) -> bytes:
    # Level Q restores a quarter of the picture: badges are bent and get wet.
    made = segno.make(code, error="q", micro=False)
    picture = io.BytesIO()
    made.save(picture, kind=kind, scale=MODULE_PIXELS, border=QUIET_ZONE, light="white")
    return picture.getvalue()
