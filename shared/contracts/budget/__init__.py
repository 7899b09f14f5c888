"""The events of budget (anggaran): envelopes and allocations."""

from shared.contracts.budget.allocation import AllocationEvent
from shared.contracts.budget.envelope import EnvelopeEvent

BudgetEvent = EnvelopeEvent | AllocationEvent
