"""The events of registration (pendaftaran): programmes, rule sets, exhibitions, enterprises,
floor plans, documents, drafts, applications, briefings, dossiers, suspicions, imports,
issued documents.
"""

from shared.contracts.registration.application import ApplicationEvent
from shared.contracts.registration.briefing import BriefingEvent
from shared.contracts.registration.document import DocumentEvent
from shared.contracts.registration.dossier import DossierEvent
from shared.contracts.registration.draft import DraftEvent
from shared.contracts.registration.enterprise import EnterpriseEvent
from shared.contracts.registration.exhibition import ExhibitionEvent
from shared.contracts.registration.floor_plan import FloorPlanEvent
from shared.contracts.registration.imports import ImportEvent
from shared.contracts.registration.issued_document import IssuedDocumentEvent
from shared.contracts.registration.programme import ProgrammeEvent
from shared.contracts.registration.rule_set import RuleSetEvent
from shared.contracts.registration.suspicion import SuspicionEvent

RegistrationEvent = (
    ProgrammeEvent
    | RuleSetEvent
    | ExhibitionEvent
    | FloorPlanEvent
    | EnterpriseEvent
    | DocumentEvent
    | DraftEvent
    | ApplicationEvent
    | BriefingEvent
    | DossierEvent
    | SuspicionEvent
    | ImportEvent
    | IssuedDocumentEvent
)
