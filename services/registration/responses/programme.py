"""The response about a programme: its present targets, and each version of them with its changes.

A change shows a target before (semula) and after (menjadi) the revision, beside the document and
the public code of its reason; the words of a reason are for officers and auditors.
"""

from dataclasses import dataclass
from datetime import date

from services.registration.domain.programme import Programme, TargetsVersion
from shared.contracts.registration.programme import TargetsRevisionCode
from shared.contracts.words import Indicator, Target, TargetScope


@dataclass(frozen=True, kw_only=True)
class TargetChange:
    """A target before (semula) and after (menjadi) a revision.

    `before` is None if the revision has added the target, and `after` if it has removed it.
    """

    scope: TargetScope
    indicator: Indicator
    before: int | None
    after: int | None


@dataclass(frozen=True, kw_only=True)
class VersionResponse:
    """A version of the targets: `number` counts from 1, the announcement.

    `changes` are those against the version before it.
    """

    number: int
    targets: tuple[Target, ...]
    changes: tuple[TargetChange, ...]
    document_number: str
    signed_on: date
    revised_because: TargetsRevisionCode | None
    words: str | None


@dataclass(frozen=True, kw_only=True)
class ProgrammeResponse:
    """A programme with its present targets, their document, and all versions in order."""

    title: str
    targets: tuple[Target, ...]
    document_number: str
    signed_on: date
    revised_because: TargetsRevisionCode | None
    words: str | None
    versions: tuple[VersionResponse, ...]


def programme_response(state: Programme, *, sees_words: bool) -> ProgrammeResponse:
    """Return the programme; the words of its revisions only if the reader sees them."""
    before: tuple[TargetsVersion | None, ...] = (None, *state.versions)
    versions = tuple(
        VersionResponse(
            number=number,
            targets=version.targets,
            changes=_changes(before[number - 1], version),
            document_number=version.document_number,
            signed_on=version.signed_on,
            revised_because=version.code,
            words=version.words if sees_words else None,
        )
        for number, version in enumerate(state.versions, 1)
    )
    present = versions[-1]
    return ProgrammeResponse(
        title=state.title,
        targets=present.targets,
        document_number=present.document_number,
        signed_on=present.signed_on,
        revised_because=present.revised_because,
        words=present.words,
        versions=versions,
    )


def _changes(before: TargetsVersion | None, after: TargetsVersion) -> tuple[TargetChange, ...]:
    """Return the targets that differ, in order of the two versions; the first version has none."""
    if before is None:
        return ()
    former, present = _values(before), _values(after)
    return tuple(
        TargetChange(
            scope=scope,
            indicator=indicator,
            before=former.get((scope, indicator)),
            after=present.get((scope, indicator)),
        )
        for scope, indicator in {**former, **present}
        if former.get((scope, indicator)) != present.get((scope, indicator))
    )


def _values(version: TargetsVersion) -> dict[tuple[TargetScope, Indicator], int]:
    return {(target.scope, target.indicator): target.value for target in version.targets}
