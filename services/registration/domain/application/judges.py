"""The people who may not judge an application: who submitted it, and who speaks for the applicant.

Called by the rules of verification, correction and attendance.
"""

from services.registration.domain.application.state import Application
from shared.kernel.decider import Context
from shared.kernel.four_eyes import (
    APPLY_AND_DECIDE,
    require_another_enterprise,
    require_another_person,
)


def require_judge(state: Application, context: Context) -> None:
    """Refuse the applicant's own people (`own-enterprise`, `same-person`)."""
    require_another_enterprise(state.enterprise, context)
    require_another_person(APPLY_AND_DECIDE, {state.submitted_by}, context)
