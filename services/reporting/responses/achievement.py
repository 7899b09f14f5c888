"""Target and achievement (Target dan Capaian): what was planned, what was revised, what was done.

A target can mean enterprises or participations; both are always reported, because the client's text
does not decide it. A revised target stands beside the original (semula -> menjadi), with the
code of its reason, and its document with number and day.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.reporting.labels import label
from services.reporting.responses.figures import Figures, counted, percent, summed
from services.reporting.responses.part import Covers, Part
from services.reporting.views import tallies
from services.reporting.views.registration import Exhibition, Phase, Programme, TargetSet
from shared.contracts.labels import Label
from shared.contracts.words import Indicator, Target, TargetScope

Realised = Mapping[tuple[TargetScope, Indicator], int]
"""A count for each scope and indicator; what is not there is zero."""


@dataclass(frozen=True, kw_only=True)
class Achievement:
    """The targets of a scope and indicator, and the realised figure; a percentage of None is n/a.

    `original_target` is the first target of the year (semula), `target` the present one (menjadi).
    `illustrative` is the part of `realised` that belongs to illustrative exhibitions (demonstration
    data); of enterprises those that came to no other.
    """

    scope: TargetScope
    scope_label: Label
    indicator: Indicator
    label: Label
    original_target: int | None
    target: int | None
    realised: int
    illustrative: int
    percent_of_original: Decimal | None
    percent: Decimal | None


@dataclass(frozen=True, kw_only=True)
class Targets:
    """The targets that a document of a day set; a revision has the code of its reason."""

    document_number: str
    signed_on: date
    code: str | None
    items: list[Target]


@dataclass(frozen=True, kw_only=True)
class Achievements:
    """The rows of the part, its original targets (semula), and each revision in order (menjadi)."""

    covers: Covers
    original: Targets
    revisions: list[Targets]
    items: list[Achievement]


def achievements(
    programme: Programme, part: Part, realised: Realised, illustrative: Realised
) -> Achievements:
    """Return a row for every scope and indicator of the part, with its target if there is one."""
    scopes = [part.target_scope] if part.scope else list(TargetScope)
    rows = [(scope, indicator) for scope in scopes for indicator in Indicator]
    original, present = _values(programme.original), _values(programme.present)
    return Achievements(
        covers=part.without_exhibition().covers(),
        original=_targets(programme.original, scopes),
        revisions=[_targets(revision, scopes) for revision in programme.revisions],
        items=[
            Achievement(
                scope=scope,
                scope_label=label(scope.value),
                indicator=indicator,
                label=label(indicator.value),
                original_target=original.get((scope, indicator)),
                target=present.get((scope, indicator)),
                realised=realised.get((scope, indicator), 0),
                illustrative=illustrative.get((scope, indicator), 0),
                percent_of_original=percent(
                    realised.get((scope, indicator), 0), original.get((scope, indicator))
                ),
                percent=percent(
                    realised.get((scope, indicator), 0), present.get((scope, indicator))
                ),
            )
            for scope, indicator in rows
        ],
    )


def realised_of(enterprises: Figures, attendance: Figures, exhibitions: Figures) -> Realised:
    """Return the realised figures by scope and indicator.

    The figure of ALL is the sum of the scopes, except for enterprises: their tally counts an
    enterprise once in ALL.
    """
    figures: dict[tuple[TargetScope, Indicator], int] = {}
    for (_, scope), numbers in enterprises.items():
        figures[TargetScope(scope), Indicator.ENTERPRISES] = numbers.get("enterprises", 0)
    for indicator, cells, tally, measure in (
        (Indicator.PARTICIPATIONS, attendance, tallies.attendance, "attended"),
        (Indicator.EXHIBITIONS, exhibitions, tallies.exhibitions, "held"),
    ):
        for (scope,), numbers in summed(cells, tally.dimensions, "scope").items():
            figures[TargetScope(scope), indicator] = numbers[measure]
        figures[TargetScope.ALL, indicator] = counted(cells, (measure,))[measure]
    return figures


def illustrative_of(
    exhibitions: Iterable[tuple[str, Exhibition]], attendance: Figures, enterprises: Figures
) -> Realised:
    """Return the participations at illustrative exhibitions, those that were held, by scope.

    And the enterprises that came to these only.
    """
    attended = summed(attendance, tallies.attendance.dimensions, "exhibition")
    counts = Counter[tuple[TargetScope, Indicator]]()
    for id, exhibition in exhibitions:
        if exhibition.illustrative:
            came = attended.get((id,), Counter())["attended"]
            for scope in (TargetScope(exhibition.scope), TargetScope.ALL):
                counts[scope, Indicator.PARTICIPATIONS] += came
                counts[scope, Indicator.EXHIBITIONS] += exhibition.held is Phase.HELD
    for (_, name), numbers in enterprises.items():
        counts[TargetScope(name), Indicator.ENTERPRISES] = numbers.get("illustrative", 0)
    return counts


def _values(targets: TargetSet) -> dict[tuple[TargetScope, Indicator], int]:
    return {(target.scope, target.indicator): target.value for target in targets.items}


def _targets(targets: TargetSet, scopes: Iterable[TargetScope]) -> Targets:
    return Targets(
        document_number=targets.document_number,
        signed_on=targets.signed_on,
        code=targets.code,
        items=[target for target in targets.items if target.scope in set(scopes)],
    )
