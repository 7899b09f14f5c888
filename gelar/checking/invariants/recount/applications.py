"""Applications, as their events leave them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from gelar.checking.invariants.answers import Part
from gelar.checking.invariants.topics import Data, Fact, Topics

STATUSES = {
    "application-submitted": "SUBMITTED",
    "application-revised": "SUBMITTED",
    "correction-requested": "NEEDS_CORRECTION",
    "application-resubmitted": "SUBMITTED",
    "application-verified": "ELIGIBLE",
    "application-rejected": "INELIGIBLE",
    "application-withdrawn": "WITHDRAWN",
    "offer-received": "OFFERED",
    "place-accepted": "ACCEPTED",
    "place-declined": "DECLINED",
    "offer-expired": "OFFER_EXPIRED",
    "participation-confirmed": "CONFIRMED",
    "application-lapsed": "LAPSED",
    "renewal-expired": "LAPSED",
    "commitment-expired": "LAPSED",
    "application-closed": "CLOSED",
    "participant-attended": "ATTENDED",
    "participant-absent": "ABSENT",
    "attendance-retracted": "CONFIRMED",
}
"""The status of an application after an event with this name."""

FREEZING = ("application-submitted", "application-revised", "application-resubmitted")
"""The events that freeze the facts of the applicant."""

FREEZING_PAPERS = (*FREEZING, "documents-renewed")
"""The events that freeze documents."""

STAYING = (
    *("slot-returned", "findings-recorded"),
    *("application-rescheduled", "documents-renewed"),
    *("participant-checked-in", "check-in-undone"),
    *("commitment-delivered", "commitment-returned"),
)
"""The events that leave the status as it is."""

REASONS = {
    "renewal-expired": ("documents-not-renewed",),
    "commitment-expired": ("commitment-not-delivered",),
}
"""The reason of an application after an event that has none itself."""


def status_after(fact: Fact, before: str) -> str:
    """Return the status of an application after this event."""
    if fact.word == "attendance-corrected":
        return "ATTENDED" if fact.data["present"] else "ABSENT"
    return STATUSES.get(fact.word, before)


@dataclass(kw_only=True)
class Application:
    """An application; `frozen` has the facts of its last submission, `words` its events' names.

    `missing` are the documents that must be renewed, because the exhibition was rescheduled;
    `commitment` is the letter that was delivered, or is awaited until `commitment_due_at`.
    `check_ins` are what counts of its check-ins, by day.
    """

    id: str
    applicant: Data = field(default_factory=dict)
    status: str = ""
    frozen: Data = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    reasons: tuple[str, ...] = ()
    deadline_at: str | None = None
    slot: int | None = None
    place: int | None = None
    passed_over: Data | None = None
    after_decree: bool = False
    missing: tuple[str, ...] = ()
    check_ins: dict[str, Data] = field(default_factory=dict)
    commitment: str | None = None
    commitment_due_at: str | None = None

    @property
    def attended(self) -> bool:
        """Return True for a realised participation: it attended, and the place was its own."""
        return "participant-attended" in self.words and "attendance-contested" not in self.words

    @property
    def contested(self) -> bool:
        """Return True if it attended although its place was lost."""
        return "participant-attended" in self.words and not self.attended

    def apply(self, fact: Fact) -> None:
        """Apply an event."""
        self.applicant = fact.data["applicant"]
        if fact.word in STAYING:
            self._stay(fact)
            return
        self.status = status_after(fact, self.status)
        self._reach(fact)
        self.reasons = tuple(fact.data.get("reasons", REASONS.get(fact.word, ())))
        for name in ("reason", "code", "result"):
            if name in fact.data:
                self.reasons = (fact.data[name],)
        self.deadline_at = fact.data.get("deadline_at")
        for name in ("slot", "place", "passed_over", "after_decree", "commitment_due_at"):
            setattr(self, name, fact.data.get(name, getattr(self, name)))
        if fact.word == "application-verified":
            self.frozen["valid_through"] = fact.data["valid_through"]
        if fact.word in FREEZING:
            self.frozen |= {k: v for k, v in fact.data.items() if k != "applicant"}

    def _reach(self, fact: Fact) -> None:
        match fact.word:
            case "attendance-corrected":
                self._correct(present=fact.data["present"])
            case "attendance-retracted":
                kept = (word for word in self.words if word != "participant-attended")
                self.words = [*kept, fact.word]
            case "renewal-expired" | "commitment-expired":
                self.words.append("application-lapsed")
            case _:
                self.words.append(fact.word)

    def _stay(self, fact: Fact) -> None:
        match fact.word:
            case "slot-returned":
                self.after_decree = False
            case "documents-renewed":
                self.frozen["documents"] = fact.data["documents"]
                self.missing = ()
            case "application-rescheduled":
                self.frozen["valid_through"] = fact.data["valid_through"]
                self.deadline_at = fact.data["deadline_at"]
                self.missing = tuple(fact.data["missing"])
                self.commitment_due_at = fact.data["commitment_due_at"]
            case "participant-checked-in":
                names = ("day", "booth", "scanned_at")
                self.check_ins[fact.data["day"]] = {name: fact.data[name] for name in names}
            case "check-in-undone":
                del self.check_ins[fact.data["day"]]
            case "commitment-delivered":
                self.commitment, self.commitment_due_at = fact.data["document"], None
                self.reasons = ()
            case "commitment-returned":
                self.commitment, self.commitment_due_at = None, fact.data["due_at"]
                self.reasons = (fact.data["code"],)
            case _:
                pass

    def _correct(self, *, present: bool) -> None:
        # As if it had been recorded so at first.
        was, now = "participant-absent", "participant-attended"
        if not present:
            was, now = now, was
        self.words = [now if word == was else word for word in self.words]


def application_of(id: str, facts: Iterable[Fact]) -> Application:
    """Return an application after these events."""
    application = Application(id=id)
    for fact in facts:
        application.apply(fact)
    return application


@lru_cache(maxsize=2)
def applications(topics: Topics) -> dict[str, Application]:
    """Return all applications by id."""
    return {id: application_of(id, facts) for id, facts in topics.of("application").items()}


def in_part(part: Part, found: Iterable[Application]) -> list[Application]:
    """Return the applications of a part of the programme."""
    return [application for application in found if part.has(application.applicant)]
