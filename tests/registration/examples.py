"""Events of registration for its tests: the exhibition `inacraft-2018` and an application to it.

The call runs from `NOW` (1 February 2018, 10:00 in Jakarta) to 1 March; the show is in April.
"""

from datetime import UTC, date, datetime, timedelta

from services.registration.domain.application.decider import application
from services.registration.domain.application.state import Application
from services.registration.domain.document.decider import document
from services.registration.domain.document.state import Document
from services.registration.domain.enterprise.decider import enterprise
from services.registration.domain.enterprise.state import Enterprise
from services.registration.domain.exhibition.decider import exhibition
from services.registration.domain.exhibition.state import Exhibition, ExhibitionFields
from shared.contracts.event import Event
from shared.contracts.registration.application import (
    ApplicationSubmitted,
    ApplicationVerified,
    ApplicationWithdrawn,
    CorrectionRequested,
    OfferReceived,
    ParticipantAttended,
    ParticipationConfirmed,
    PlaceAccepted,
)
from shared.contracts.registration.application_codes import CorrectionField, WithdrawalCode
from shared.contracts.registration.document import (
    DocumentFiled,
    DocumentKind,
    FrozenDocument,
)
from shared.contracts.registration.enterprise import (
    EnterpriseRegistered,
    Product,
)
from shared.contracts.registration.exhibition import (
    CallClosed,
    CallOpened,
    ExhibitionDecreed,
    ExhibitionEnded,
    ExhibitionOpened,
    ExhibitionPlanned,
    ExhibitionProposed,
    ObjectionTerms,
    VerificationClosed,
)
from shared.contracts.registration.floor_plan import Booths
from shared.contracts.registration.rule_set import RuleCheck, RuleVerdict, Source
from shared.contracts.words import Applicant, Province, Scope, SizeClass
from tests.given import NOW, given
from tests.registration.rule_sets import RULES_OF_2018
from tests.relations import itself, owner

EXHIBITION, ENTERPRISE, DOCUMENT = "inacraft-2018", "e-1", "d-1"
APPLICATION = f"{EXHIBITION}.{ENTERPRISE}"
JAKARTA = Province(system="BPS", edition="2018", code="31")
RELATIONS = (owner(), itself())
CLOSES_AT = datetime(2018, 3, 1, 16, 59, 59, tzinfo=UTC)
STARTS_ON, ENDS_ON = date(2018, 4, 25), date(2018, 4, 29)


EXHIBITION_FIELDS = ExhibitionFields(exhibition=EXHIBITION, programme="2018", scope=Scope.DOMESTIC)
BOOTHS = Booths(number=8, shared_by=2)

PROPOSED = ExhibitionProposed(
    name="Inacraft 2018",
    city="Jakarta",
    country="ID",
    organiser="ASEPHI",
    sectors=("13", "14"),
    **EXHIBITION_FIELDS,
)
PLANNED = ExhibitionPlanned(
    name="Inacraft 2018",
    venue="JCC",
    starts_on=STARTS_ON,
    ends_on=ENDS_ON,
    places=15,
    booths=BOOTHS,
    planned_on=NOW.date(),
    **EXHIBITION_FIELDS,
)
OPENED = CallOpened(
    places=15,
    opened_at=NOW,
    closes_at=CLOSES_AT,
    starts_on=STARTS_ON,
    ends_on=ENDS_ON,
    rule_set=RULES_OF_2018,
    requirements=("licence", "capacity"),
    rubric="rubric-2018",
    threshold=6_000,
    sheets_min=3,
    offer_hours=72,
    objections=ObjectionTerms(days=3, decision_days=5),
    booths=BOOTHS,
    **EXHIBITION_FIELDS,
)
CLOSED = CallClosed(**EXHIBITION_FIELDS)
VERIFIED = VerificationClosed(eligible=(APPLICATION,), **EXHIBITION_FIELDS)
DECREED = ExhibitionDecreed(decree="SK-12/2018", **EXHIBITION_FIELDS)
RUNNING = ExhibitionOpened(**EXHIBITION_FIELDS)
ENDED = ExhibitionEnded(**EXHIBITION_FIELDS)

PLANNING = (PROPOSED, PLANNED)
CALLING = (*PLANNING, OPENED)
CALLED = (*CALLING, CLOSED)
SELECTING = (*CALLED, VERIFIED)
HOLDING = (*SELECTING, DECREED, RUNNING)

REGISTERED = EnterpriseRegistered(
    enterprise=ENTERPRISE,
    cooperative=False,
    province=JAKARTA,
    sector="14",
    net_assets_idr=200_000_000,
    annual_sales_idr=900_000_000,
    earlier_participations=0,
    products=(Product(name="Batik"),),
    name="Batik Fiktif",
    representative="Ibu Contoh",
    identifiers={"NPWP": f"0a1b2c3d.{'a' * 64}", "NIK": f"0a1b2c3d.{'b' * 64}"},
    relations=RELATIONS,
    registered_by="tester",
)
FILED = DocumentFiled(
    document=DOCUMENT,
    enterprise=ENTERPRISE,
    document_kind=DocumentKind.IUMK,
    issuer="Kecamatan Menteng",
    issued_on=date(2017, 5, 2),
    number="IUMK-7",
)
IUMK = FrozenDocument(
    document=DOCUMENT,
    document_kind=DocumentKind.IUMK,
    issuer="Kecamatan Menteng",
    issued_on=date(2017, 5, 2),
)

APPLICANT = Applicant(
    exhibition=EXHIBITION,
    programme="2018",
    scope=Scope.DOMESTIC,
    enterprise=ENTERPRISE,
    province=JAKARTA,
    sector="14",
    size_class=SizeClass.SMALL,
    cooperative=False,
    first_timer=True,
)
SUBMITTED = ApplicationSubmitted(
    applicant=APPLICANT,
    submitted_at=NOW,
    capacity=300,
    documents=(IUMK,),
    rule_set=RULES_OF_2018,
    requirements=("licence", "capacity"),
    sectors=("13", "14"),
    valid_through=ENDS_ON,
    relations=RELATIONS,
)
ELIGIBLE = ApplicationVerified(
    applicant=APPLICANT,
    relations=RELATIONS,
    rule_set=RULES_OF_2018,
    checks=(
        RuleCheck(
            rule="licence",
            verdict=RuleVerdict.PASS,
            value="IUMK 2017-05-02/.., Kecamatan Menteng",
            source=Source.DOCUMENTS,
        ),
        RuleCheck(
            rule="capacity", verdict=RuleVerdict.PASS, value="300", source=Source.APPLICATION
        ),
        RuleCheck(rule="sector", verdict=RuleVerdict.PASS, value="14", source=Source.PROFILE),
        RuleCheck(
            rule="participation-cap",
            verdict=RuleVerdict.PASS,
            value="0",
            source=Source.PARTICIPATIONS,
        ),
        RuleCheck(rule="sanction", verdict=RuleVerdict.PASS, value="", source=Source.SANCTIONS),
        RuleCheck(
            rule="size-class", verdict=RuleVerdict.PASS, value="SMALL", source=Source.PROFILE
        ),
    ),
    submitted_at=NOW,
    valid_through=ENDS_ON,
)
CORRECTION_DUE_AT = NOW + timedelta(days=7)
CORRECTION = CorrectionRequested(
    applicant=APPLICANT,
    fields=(CorrectionField.DOCUMENTS,),
    deadline_at=CORRECTION_DUE_AT,
    reason="The licence cannot be read.",
)
WITHDRAWN = ApplicationWithdrawn(
    applicant=APPLICANT, code=WithdrawalCode.NO_CAPACITY, reason="too busy"
)
DEADLINE_AT = NOW + timedelta(hours=72)
LATEST_AT = datetime(2018, 4, 24, 16, 59, 59, 999_000, tzinfo=UTC)
"""The last millisecond of 24 April in Jakarta, the day before the show."""
OFFERED = OfferReceived(applicant=APPLICANT, deadline_at=DEADLINE_AT)
ACCEPTED = PlaceAccepted(applicant=APPLICANT, slot=1)
CONFIRMED = ParticipationConfirmed(applicant=APPLICANT)
ATTENDED = ParticipantAttended(applicant=APPLICANT)

OFFERING = (SUBMITTED, ELIGIBLE, OFFERED)
ACCEPTING = (*OFFERING, ACCEPTED)
CONFIRMING = (*ACCEPTING, CONFIRMED)


def exhibition_after(*events: Event) -> Exhibition:
    """Return the exhibition after these events."""
    state = given(exhibition, *events).state
    assert isinstance(state, Exhibition)
    return state


def document_after(*events: Event) -> Document:
    """Return the document to which these events lead."""
    state = given(document, *events).state
    assert isinstance(state, Document)
    return state


def enterprise_after(*events: Event) -> Enterprise:
    """Return the enterprise after these events."""
    state = given(enterprise, *events).state
    assert isinstance(state, Enterprise)
    return state


def application_after(*events: Event) -> Application:
    """Return the application after these events."""
    state = given(application, *events).state
    assert isinstance(state, Application)
    return state
