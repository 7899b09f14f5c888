"""The response about a suspicion, for verification officers and auditors: both parties, in full."""

from dataclasses import dataclass

from services.registration.domain.enterprise.state import Enterprise
from services.registration.domain.suspicion.state import Status, Suspicion
from shared.contracts.registration.suspicion import LikenessFound, SuspicionGround
from shared.contracts.words import Province


@dataclass(frozen=True, kw_only=True)
class PartyResponse:
    """A party as it is compared; `refused` says that it was not registered, and has no history."""

    id: str
    refused: bool
    name: str
    representative: str
    address: str
    province: Province


@dataclass(frozen=True, kw_only=True)
class SuspicionResponse:
    """A suspicion: its ground with what was found, both parties, and the verdict with its words.

    `numbers` are the kinds of the numbers that were taken, `likeness` is from 0 to 100.
    """

    status: Status
    ground: SuspicionGround
    likeness: LikenessFound | None
    numbers: tuple[str, ...]
    parties: tuple[PartyResponse, ...]
    code: str | None
    words: str | None


def suspicion_response(
    state: Suspicion, enterprises: tuple[Enterprise | None, ...]
) -> SuspicionResponse:
    """Return the suspicion with the present profiles of its parties, in the order of their ids."""
    return SuspicionResponse(
        status=state.status,
        ground=state.ground,
        likeness=state.likeness,
        numbers=state.attempt.numbers if state.attempt else (),
        parties=tuple(
            _party(state, id, profile)
            for id, profile in zip(state.parties, enterprises, strict=True)
        ),
        code=state.code or None,
        words=state.words or None,
    )


def _party(state: Suspicion, id: str, profile: Enterprise | None) -> PartyResponse:
    declared = profile or state.attempt
    assert declared is not None, "a party is an enterprise, or the attempt of the suspicion"
    return PartyResponse(
        id=id,
        refused=profile is None,
        name=declared.name,
        representative=declared.representative,
        address=declared.address,
        province=declared.province,
    )
