"""The people who may not judge an application: all who acted for it or for its enterprise.

To judge is to verify it, to ask for its correction, to record its attendance or to correct that.
Acted for it has who registered the enterprise or revised its profile, filed a document that the
application froze, submitted, revised or resubmitted it, accepted or declined its offer, or withdrew
it; whatever token each of them used. And a token that speaks for the applicant judges nothing of
it. In the other direction, who has judged it neither submits it again nor revises it nor answers an
offer to it nor withdraws it. Called by the rules of submission, verification, correction, place and
attendance.
"""

from services.registration.domain.application.state import Application
from shared.kernel.decider import Context
from shared.kernel.four_eyes import (
    ANSWER_AND_JUDGE,
    DECLARE_AND_JUDGE,
    FILE_AND_JUDGE,
    JUDGE_AND_ANSWER,
    SUBMIT_AND_JUDGE,
    require_another_enterprise,
    require_another_person,
)


def require_judge(state: Application, context: Context) -> None:
    """Refuse the applicant's own people (`own-enterprise`, `same-person`)."""
    require_another_enterprise(state.enterprise, context)
    require_another_person(DECLARE_AND_JUDGE, state.declared_by, context)
    require_another_person(FILE_AND_JUDGE, state.filed_by, context)
    require_another_person(SUBMIT_AND_JUDGE, state.submitted_by, context)
    require_another_person(ANSWER_AND_JUDGE, state.answered_by, context)


def require_applicant(state: Application, context: Context) -> None:
    """Refuse a person who has judged the application to act for its applicant (`same-person`)."""
    require_another_person(JUDGE_AND_ANSWER, state.judged_by, context)
