"""The tally of fairness: by group of applicants, where each application has ended on its way.

An application has exactly one fate, so the fates of a group add up to its applications. Groups are
those that a selection must not treat differently but by a declared rule: province, sector, size
class, cooperative or not, first-timer or not.
"""

from enum import StrEnum

from services.reporting.views.applications import Application, Stage, applications
from shared.contracts.registration.application_codes import ClosingResult
from shared.contracts.registration.quota import Bound
from shared.kernel.view import Contribution, Tally

NO_FUNDS = "no-funds"


class Fate(StrEnum):
    """The end of an application, or the stage at which it was stopped.

    ELIGIBILITY: the verification; SCORE: the threshold or a gate; QUOTA: a reserve that quotas of
    the call stopped; OWNER: another application of its owner has a place; OVERRIDE: an authority
    gave the place away; PLACES: a reserve whose turn did not come; MONEY: a reserve whose place had
    no money, or selected and never funded; FUNDED: a place with money was offered. WITHDREW and
    CANCELLED are no decision on the applicant, and UNDECIDED has none yet.
    """

    UNDECIDED = "undecided"
    ELIGIBILITY = "eligibility"
    SCORE = "score"
    QUOTA = "quota"
    OWNER = "owner"
    OVERRIDE = "override"
    PLACES = "places"
    MONEY = "money"
    FUNDED = "funded"
    WITHDREW = "withdrew"
    CANCELLED = "cancelled"


STOPPED_BY = {
    Bound.MAXIMUM: Fate.QUOTA,
    Bound.MINIMUM: Fate.QUOTA,
    Bound.TOGETHER: Fate.QUOTA,
    Bound.OWNER: Fate.OWNER,
    Bound.OVERRIDE: Fate.OVERRIDE,
    Bound.MONEY: Fate.MONEY,
}


def fate_of(state: Application) -> Fate:
    """Return the fate of an application by its events so far."""
    if Stage.OFFERED in state.stages:
        return Fate.FUNDED
    if Stage.REJECTED in state.stages:
        return Fate.ELIGIBILITY
    if state.result is not None:
        return _closed(state)
    if Stage.WITHDRAWN in state.stages:
        return Fate.WITHDREW
    if Stage.LAPSED in state.stages:
        return Fate.MONEY if state.lapsed_for == NO_FUNDS else Fate.CANCELLED
    return Fate.UNDECIDED


def _closed(state: Application) -> Fate:
    match state.result:
        case ClosingResult.RESERVE:
            return STOPPED_BY[state.stopped_by] if state.stopped_by else Fate.PLACES
        case ClosingResult.BELOW_THRESHOLD | ClosingResult.GATE:
            return Fate.SCORE
        case _:
            return Fate.CANCELLED


def _fates(state: Application) -> Contribution:
    applicant = state.applicant
    groups = {
        "province": applicant.province.iso,
        "sector": applicant.sector,
        "size_class": applicant.size_class.value,
        "form": "cooperative" if applicant.cooperative else "ukm",
        "experience": "first-timer" if applicant.first_timer else "returning",
    }
    fate = {fate_of(state).value: 1}
    return {(applicant.programme, by, value): fate for by, value in groups.items()}


fairness = Tally(
    name="fairness", of=applications, dimensions=("programme", "by", "value"), contribution=_fates
)
