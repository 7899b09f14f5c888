"""Four eyes: the pairs of acts that two people must do, and who may not judge its own enterprise.

`PAIRS` is the whole policy. People are compared by actor, from what the history says of the first
act, whatever roles a token holds; and a token that speaks for an enterprise judges nothing of that
enterprise. Called by the rules of the second acts.
"""

from collections.abc import Collection
from typing import NamedTuple, Protocol

from shared.contracts.ids import enterprise_of
from shared.kernel.decider import Context, Origin
from shared.kernel.errors import Refused


class Pair(NamedTuple):
    """Two acts on one thing, as the refusal of the second one words them ("You …")."""

    first: str
    second: str
    code: str = "same-person"


RECORD_AND_CORRECT = Pair("recorded this attendance", "correct it")
DECLARE_AND_JUDGE = Pair(
    "registered this enterprise or revised its profile", "judge its applications"
)
CHECK_IN_AND_UNDO = Pair("recorded this check-in", "undo it")
IMPOSE_AND_LIFT = Pair("imposed this sanction", "lift it")
DECLARE_AND_DECIDE_DUPLICATE = Pair(
    "registered one of these two or revised its profile", "decide if they are one enterprise"
)
GIVE_AND_REVERSE_VERDICT = Pair("gave the present verdict on these two", "reverse it")
FILE_AND_JUDGE = Pair("filed a document of this application", "judge it")
SUBMIT_AND_JUDGE = Pair("submitted or resubmitted this application", "judge it")
ANSWER_AND_JUDGE = Pair("answered the offer to this application, or withdrew it", "judge it")
JUDGE_AND_ANSWER = Pair("judged this application", "act for its applicant")
CLOSE_AND_RETURN = Pair("closed this scoring", "return it")
PROPOSE_AND_APPROVE = Pair("proposed this selection", "approve or return it")
SCORE_AND_APPROVE = Pair("scored a candidate of this selection", "approve or return it")
OVERRIDE_AND_APPROVE = Pair("recorded an override of this selection", "approve it")
ENDORSE_AND_APPROVE = Pair("gave the technical approval", "give the deputy's")
CONFLICT_AND_DECIDE = Pair(
    "have a conflict of interest with a candidate of this selection, declared or inferred",
    "decide on it",
    "conflict-declared",
)
PROPOSE_AND_DECIDE_OBJECTION = Pair("proposed this selection", "decide on an objection to it")
SCORE_AND_DECIDE_OBJECTION = Pair(
    "scored a candidate of this selection", "decide on an objection to it"
)
APPROVE_AND_DECIDE_OBJECTION = Pair("approved this selection", "decide on an objection to it")
PROPOSE_AND_REVISE = Pair("proposed this revision", "approve it")
PROPOSE_AND_CORRECT_COST = Pair("proposed this cost", "confirm it")
REPORT_AND_VERIFY = Pair("reported this result", "verify it")
FIX_AND_VERIFY = Pair("fixed the rate of this result", "verify it")
PROPOSE_AND_CONFIRM = Pair("proposed this rate", "confirm it")
REQUEST_AND_DECIDE_LOSS = Pair("requested the loss of this place", "decide on it")
CONTRACT_AND_ORDER = Pair("made or amended this contract", "order its payments")
CONTRACT_AND_DISBURSE = Pair("made or amended this contract", "disburse its payments")
CONTRACT_AND_CLOSE = Pair("set the present amount of this contract", "close it")
CONTRACT_AND_RETURN = Pair("made or amended this contract", "record the return of its payments")
CONTRACT_AND_VOID = Pair("made or amended this contract", "void its payment orders")
PAY_AND_AMEND = Pair("ordered, disbursed or took back payments of this contract", "amend it")
ORDER_AND_DISBURSE = Pair("ordered this payment", "disburse it")
ORDER_AND_VOID = Pair("ordered this payment", "void its order")
DISBURSE_AND_RETURN = Pair("disbursed this payment", "record its return")
RETURN_AND_VOID = Pair("recorded the return of this payment", "void its order")
RECORD_AND_RETRACT_DELIVERY = Pair("recorded this delivery", "retract it")
RELEASE_AND_RESTORE = Pair("released this reservation", "restore it")

PAIRS = tuple(found for found in list(globals().values()) if isinstance(found, Pair))
"""Every pair of acts that must be of two people: all that are named above."""


def require_another_person(pair: Pair, first: Collection[str], context: Context) -> None:
    """Refuse a person who has done the first act itself (`same-person`, or the pair's code)."""
    if context.origin is Origin.PERSON and context.actor in first:
        raise Refused(
            pair.code,
            f"You {pair.first}, so you cannot {pair.second}: another person must do it.",
        )


def require_other_enterprises(applications: Collection[str], context: Context) -> None:
    """Refuse a person whose token speaks for the enterprise of a place (`own-enterprise`)."""
    for application in applications:
        require_another_enterprise(enterprise_of(application), context)


def require_another_enterprise(enterprise: str, context: Context) -> None:
    """Refuse a person whose token speaks for the enterprise that is judged (`own-enterprise`)."""
    if context.enterprise == enterprise:
        raise Refused(
            "own-enterprise",
            "Your token speaks for this enterprise, so you cannot decide on it: "
            "ask another officer.",
        )


class Speaker(Protocol):
    """A person, as a command or a query knows it: its token may speak for an enterprise."""

    @property
    def enterprise(self) -> str | None:
        """The enterprise that the token speaks for."""


def require_no_contender(enterprise: str | None, person: Speaker) -> None:
    """Refuse a person whose token speaks for this enterprise, which contends for a place."""
    if enterprise is not None and person.enterprise == enterprise:
        raise Refused(
            "own-enterprise",
            "Your token speaks for an enterprise that is a candidate of this selection, so you "
            "take no part in it: ask another officer.",
        )
