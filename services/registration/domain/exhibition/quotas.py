"""The rules of the quotas of a call: what contradicts itself, or the places, is refused.

The checks are exact for one group inside another, and for the sum of groups that have no applicant
together. Groups that merely overlap may be short of candidates for another reason too: then the
selection says by how many places a minimum is missed. Called by the rule that opens a call.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations

from services.registration.domain.exhibition.state import Exhibition
from shared.contracts.registration.quota import (
    CooperativeGroup,
    FirstTimerGroup,
    ProvinceGroup,
    Quota,
    QuotaGroup,
    SectorGroup,
)
from shared.kernel.decider import Refused


def require_quotas(quotas: Sequence[Quota], places: int, state: Exhibition) -> None:
    """Refuse quotas that contradict each other, their own bounds, the places or the exhibition."""
    _require_different(quotas)
    for quota in quotas:
        _require_bounds(quota)
        _require_members(quota, state)
    _require_room(quotas, places)


def _require_different(quotas: Sequence[Quota]) -> None:
    if len({quota.code for quota in quotas}) < len(quotas):
        raise Refused("quota-repeated", "Two quotas have one code: give each a code of its own.")
    for first, second in combinations(quotas, 2):
        if _form(first.group) == _form(second.group) and _members(first) == _members(second):
            raise Refused(
                "quota-group-repeated",
                f"Quotas {first.code} and {second.code} are of one group: name minimum and "
                "maximum of a group in one quota.",
            )


def _require_bounds(quota: Quota) -> None:
    if not quota.minimum and quota.maximum is None:
        raise Refused(
            "quota-without-bound",
            f"Quota {quota.code} has neither a minimum nor a maximum: name one of them.",
        )
    if quota.maximum is not None and quota.minimum > quota.maximum:
        raise Refused(
            "quota-bounds-crossed",
            f"Quota {quota.code} has a minimum of {quota.minimum} over its maximum of "
            f"{quota.maximum}: lower the minimum or raise the maximum.",
        )


def _require_members(quota: Quota, state: Exhibition) -> None:
    if len(_members(quota)) < _named(quota.group):
        raise Refused(
            "quota-member-repeated",
            f"Quota {quota.code} names a sector or a province twice: name each once.",
        )
    if not isinstance(quota.group, SectorGroup) or not state.sectors:
        return
    outside = sorted(_members(quota) - set(state.sectors))
    if outside:
        raise Refused(
            "quota-outside-sectors",
            f"Quota {quota.code} names sector {', '.join(outside)}, which the exhibition does not "
            f"have: name sectors of {', '.join(state.sectors)}.",
        )


def _require_room(quotas: Sequence[Quota], places: int) -> None:
    apart = tuple(_apart(tuple(quota for quota in quotas if quota.minimum)))
    for minima in apart:
        wanted = sum(quota.minimum for quota in minima)
        codes = ", ".join(quota.code for quota in minima)
        if wanted > places:
            raise Refused(
                "quotas-exceed-places",
                f"The minima of {codes} need {wanted} places, and the exhibition has {places}: "
                "lower them.",
            )
        for whole in quotas:
            inside = all(quota is whole or _inside(quota, whole) for quota in minima)
            if whole.maximum is not None and inside and wanted > whole.maximum:
                raise Refused(
                    "quotas-exceed-maximum",
                    f"The minima of {codes} need {wanted} places, and all of them count for "
                    f"{whole.code}, whose maximum is {whole.maximum}: lower them or raise it.",
                )


def _apart(quotas: Sequence[Quota]) -> Iterator[tuple[Quota, ...]]:
    """Yield each set of quotas that have no applicant together."""
    sets: list[tuple[Quota, ...]] = [()]
    for quota in quotas:
        more = [
            (*found, quota) for found in sets if all(_disjoint(quota, other) for other in found)
        ]
        yield from more
        sets += more


def _disjoint(first: Quota, second: Quota) -> bool:
    named = _named(first.group) and _form(first.group) == _form(second.group)
    return bool(named) and not _members(first) & _members(second)


def _inside(part: Quota, whole: Quota) -> bool:
    named = _named(part.group) and _form(part.group) == _form(whole.group)
    return bool(named) and _members(part) <= _members(whole)


def _form(group: QuotaGroup) -> str:
    return group.form


def _named(group: QuotaGroup) -> int:
    match group:
        case SectorGroup():
            return len(group.sectors)
        case ProvinceGroup():
            return len(group.provinces)
        case FirstTimerGroup() | CooperativeGroup():
            return 0


def _members(quota: Quota) -> frozenset[str]:
    match quota.group:
        case SectorGroup():
            return frozenset(quota.group.sectors)
        case ProvinceGroup():
            return frozenset(province.iso for province in quota.group.provinces)
        case FirstTimerGroup() | CooperativeGroup():
            return frozenset()
