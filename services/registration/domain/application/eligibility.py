"""The check of an enterprise before its submission: the same rules, on its facts of today.

It decides nothing and freezes nothing. The rule of the size class says of an enterprise that it is
larger than medium, where a submission is refused. Called by the route of the check.
"""

from datetime import datetime

from services.registration.domain.application.freezing import SubmissionFacts
from services.registration.domain.application.participations import taken_places
from services.registration.domain.application.submission import require_open_call
from services.registration.domain.document.state import frozen_documents
from services.registration.domain.enterprise.sanctions import sanction_today
from services.registration.domain.rule_set.interpreter import EligibilityFacts, check_rules
from services.registration.domain.rule_set.size_classes import size_class_by
from shared.contracts.registration.rule_set import RuleCheck


def check_eligibility(
    facts: SubmissionFacts, capacity: int, now: datetime
) -> tuple[RuleCheck, ...]:
    """Return the check of each rule of the open call; refuse where no call is open."""
    call = require_open_call(facts.exhibition, now)
    assert facts.rule_set is not None, "an open call has a rule set"
    enterprise, exhibition = facts.enterprise, facts.exhibition
    size_class = size_class_by(
        facts.rule_set.size_law,
        net_assets_idr=enterprise.net_assets_idr,
        annual_sales_idr=enterprise.annual_sales_idr,
    )
    found = EligibilityFacts(
        scope=exhibition.scope,
        sector=enterprise.sector,
        size_class=size_class,
        capacity=capacity,
        documents=frozen_documents(facts.documents),
        requirements=call.requirements,
        standards=call.standards,
        sectors=exhibition.sectors,
        valid_through=call.last_day,
        participations=taken_places(
            facts.participations, programme=exhibition.programme, scope=exhibition.scope
        ),
        sanction=sanction_today(enterprise, now),
    )
    return check_rules(facts.rule_set.rules, found)
