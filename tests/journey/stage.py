"""Set the stage of the random runs: two exhibitions, five enterprises and an envelope."""

from datetime import date

from services.budget.domain.envelope.pagu import OpenEnvelope
from services.registration.domain.document.decider import (
    FileDocument,
    FilingFacts,
    file_document,
)
from services.registration.domain.enterprise.registration import RegisterEnterprise
from services.registration.domain.exhibition.planning import (
    PlanExhibition,
    ProposeExhibition,
    plan_exhibition,
    propose_exhibition,
)
from shared.contracts.calendar import jakarta_date
from shared.contracts.registration.document import DocumentKind
from shared.contracts.registration.exhibition import ObjectionTerms
from shared.contracts.registration.floor_plan import Booths
from shared.contracts.registration.quota import FirstTimerGroup, ProvinceGroup, Quota
from shared.contracts.words import Province, Scope
from tests.journey.world import World
from tests.registration.rule_sets import POLICY

EXHIBITIONS = ("x", "y")
ENTERPRISES = ("a", "b", "c", "d", "e")
CURATORS = ("c1", "c2", "c3", "c4")
ENVELOPE = "2018.DOMESTIC"
PLACES, UNIT = 2, 10
BOOTHS = Booths(number=1, shared_by=2)
STARTS_ON = date(2018, 2, 20)
ENDS_ON = {"x": date(2018, 3, 31), "y": date(2018, 11, 30)}
"""One of the two exhibitions ends within a run."""
ZONES = {"x": "Asia/Jakarta", "y": "Asia/Jayapura"}
"""The days of one of them begin and end two hours before those in Jakarta."""
COMMITMENT_DAYS = {"x": None, "y": 2}
"""One of the two calls asks for a commitment letter."""

EXPIRES_ON = date(2018, 12, 15)
"""The last day of the licence of two enterprises: a rescheduling may move a show beyond it."""


def _provinces(*codes: str) -> ProvinceGroup:
    provinces = tuple(Province(system="BPS", edition="2018", code=code) for code in codes)
    return ProvinceGroup(form="provinces", provinces=provinces)


NEW = FirstTimerGroup(form="first-timers")
JAVA, CENTRAL = _provinces("31", "32"), _provinces("33")
QUOTAS: tuple[tuple[Quota, ...], ...] = (
    (),
    (Quota(code="pemula", group=NEW, minimum=1),),
    (Quota(code="pemula", group=NEW, maximum=1),),
    (Quota(code="jateng", group=CENTRAL, minimum=2), Quota(code="jawa", group=JAVA, maximum=1)),
    (
        Quota(code="jawa", group=JAVA, minimum=1, maximum=1),
        Quota(code="pemula", group=NEW, minimum=1),
    ),
)
"""The quotas that a call may have: few enterprises count for two of them, some for none."""


OBJECTIONS = (
    None,
    None,
    ObjectionTerms(days=1, decision_days=2),
    ObjectionTerms(days=3, decision_days=1),
)
"""The times for objections that a call may have: the decision may be due before the last one."""


def set_the_stage(world: World) -> None:
    """Make everything that is there before the first call is opened."""
    pagu = world.dice.choice((20, 40, 60))
    command = OpenEnvelope(
        programme="2018",
        scope=Scope.DOMESTIC,
        pagu_idr=pagu,
        document_number="DIPA-1",
        effective_on=date(2018, 1, 2),
    )
    world.do("envelope", ENVELOPE, command)
    for number, name in enumerate(ENTERPRISES):
        world.do("enterprise", name, _enterprise(number), actor=name)
        file_licence(world, name, EXPIRES_ON if number % 2 else None)
    for ex in EXHIBITIONS:
        world.do("exhibition", ex, _proposal(ex), rule=propose_exhibition)
        plan = PlanExhibition(
            venue="JCC",
            starts_on=STARTS_ON,
            ends_on=ENDS_ON[ex],
            places=PLACES,
            booths=BOOTHS,
        )
        world.do("exhibition", ex, plan, POLICY, rule=plan_exhibition)


def _proposal(ex: str) -> ProposeExhibition:
    return ProposeExhibition(
        exhibition=ex,
        programme="2018",
        scope=Scope.DOMESTIC,
        name=ex,
        city="Jakarta",
        country="ID",
        organiser="ASEPHI",
        zone=ZONES[ex],
    )


def _enterprise(number: int) -> RegisterEnterprise:
    return RegisterEnterprise(
        name="fictional",
        representative="fictional",
        cooperative=False,
        province=Province(system="BPS", edition="2018", code=("31", "32", "33")[number % 3]),
        sector="14",
        net_assets_idr=10**6,
        annual_sales_idr=10**7,
        earlier_participations=number % 2,
        identifiers={"NPWP": f"0a1b2c3d.{number:064}", "NIK": f"0a1b2c3d.{number:064}"},
    )


def file_licence(world: World, enterprise: str, expires_on: date | None = None) -> None:
    """File a licence of the enterprise until this day, or for ever."""
    id = f"d-{enterprise}-{len(world.ids('document'))}"
    facts = FilingFacts(
        enterprise=enterprise, sha256="", replaced=None, documents=0, documents_max=200
    )
    command = FileDocument(
        document_kind=DocumentKind.IUMK,
        issuer="kecamatan",
        number="1",
        issued_on=date(2017, 1, 1),
        expires_on=expires_on,
    )
    world.do("document", id, command, facts, rule=file_document, actor=enterprise)


def file_letter(world: World, enterprise: str) -> str:
    """File a commitment letter of the enterprise that is signed today, and return its id."""
    id = f"d-{enterprise}-{len(world.ids('document'))}"
    facts = FilingFacts(
        enterprise=enterprise, sha256="ab12", replaced=None, documents=0, documents_max=200
    )
    command = FileDocument(
        document_kind=DocumentKind.COMMITMENT_LETTER,
        issuer=enterprise,
        number="1",
        issued_on=jakarta_date(world.now),
        file="f-1",
    )
    world.do("document", id, command, facts, rule=file_document, actor=enterprise)
    return id
