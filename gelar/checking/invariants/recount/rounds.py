"""Rounds and their seats, as their events leave them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from gelar.checking.invariants.recount.disputes import WORDS as DISPUTES
from gelar.checking.invariants.recount.disputes import Disputes, first_reserve
from gelar.checking.invariants.recount.quotas import OWNER, Chosen, Codes, chosen
from gelar.checking.invariants.recount.rankings import passed_over
from gelar.checking.invariants.topics import Data, Fact, Topics

TAKEN = frozenset({"sanction", "requirement-lost", "false-statement", "other"})
"""The reasons of a seat that an officer and an approver have taken."""

REPLACED = TAKEN | {"withdrawn", "not-renewed", "not-committed", "declined", "expired"}
"""The reasons of a lost seat that make the next reserve follow until the decree."""

JAKARTA = "Asia/Jakarta"

STATUSES = {
    "round-opened": "OPEN",
    "scoring-closed": "SCORING_CLOSED",
    "selection-proposed": "PROPOSED",
    "proposal-voided": "SCORING_CLOSED",
    "selection-returned": "OPEN",
    "late-conflict-declared": "OPEN",
    "selection-approved": "APPROVED",
    "participants-decreed": "DECREED",
    "round-cancelled": "CANCELLED",
}
SEATS = {
    "place-offered": "OFFERED",
    "place-confirmed": "CONFIRMED",
    "place-lost": "LOST",
    "reserve-promoted": "WAITING",
    "place-escrowed": "ESCROWED",
    "place-released": "WAITING",
}


OTHERS = frozenset(
    {
        "panel-appointed",
        "funds-changed",
        *("override-recorded", "override-withdrawn"),
        *("late-conflict-declared", "selection-endorsed"),
        "selection-proposed",
        "proposal-voided",
        "selection-returned",
        "annex-amended",
        "amendment-recorded",
        "loss-requested",
        "loss-declined",
        "seats-frozen",
        "round-rescheduled",
        "reserves-passed-over",
        *DISPUTES,
    }
)
"""The events that move no seat."""


@dataclass(kw_only=True)
class Round:
    """A round; `seats` by application, `given` counts all seats ever given.

    `late` is True once the show has begun, from when no reserve is promoted. `faults` are the
    moments at which its events broke a rule: more seats than places, a freed seat that did not go
    to the next reserve that no quota stops, or a seat that was not taken by two people before the
    exhibition ran. `codes` are the quotas and owners that count an application, by its approval.
    """

    id: str
    status: str = "AWAITED"
    terms: Data = field(default_factory=dict)
    seats: dict[str, str] = field(default_factory=dict)
    reserve: list[str] = field(default_factory=list)
    decree: Data | None = None
    approved_on: str | None = None
    listed: list[str] | None = None
    struck: list[str] = field(default_factory=list)
    closing: int = 0
    given: int = 0
    confirmed: int = 0
    lost: int = 0
    requests: dict[str, str] = field(default_factory=dict)
    frozen: bool = False
    late: bool = False
    codes: dict[str, Codes] = field(default_factory=dict)
    same_owner: list[list[str]] = field(default_factory=list)
    funds: Data | None = None
    disputes: Disputes = field(default_factory=Disputes)
    faults: list[str] = field(default_factory=list)
    _next: list[tuple[str, object]] = field(default_factory=list)

    @property
    def annex(self) -> list[str]:
        """Return the annex of the decree without what was amended; empty before the decree."""
        return list(self.decree["annex"]) if self.decree else []

    @property
    def places(self) -> int:
        """Return the places of the call; 0 before it opened."""
        return int(self.terms.get("places", 0))

    @property
    def live(self) -> list[str]:
        """Return the applications whose seats are not lost."""
        return [application for application, seat in self.seats.items() if seat != "LOST"]

    def apply(self, fact: Fact) -> None:
        """Apply an event, and write down the rules that it breaks."""
        self._check_next(fact)
        self.status = STATUSES.get(fact.word, self.status)
        if fact.word == "round-rescheduled":
            self.terms = self.terms | {name: fact.data[name] for name in ("starts_on", "ends_on")}
            self.late = self.frozen
        day = _day(fact, self.terms.get("zone", JAKARTA))
        self.late |= fact.word == "seats-frozen" or day >= self.terms.get("starts_on", "9")
        if fact.word == "funds-changed":
            self.funds = fact.data["funds"]
        more = fact.word in ("round-rescheduled", "funds-changed")
        if more and self.status == "APPROVED" and not self.late:
            self._expect()
        self._apply_request(fact)
        winner = self.disputes.winner
        self.disputes.apply(fact)
        if fact.word in SEATS:
            self._apply_seat(fact.word, fact.data, winner)
        else:
            self._apply_list(fact.word, fact.data)
        if len(self.live) > self.places:
            self.faults.append(f"{fact.id}: {len(self.live)} live seats, {self.places} places")

    @property
    def due(self) -> Chosen:
        """Return the reserves that must get the free places, and those who are passed over."""
        reserve = [self.codes.get(application, ()) for application in self.reserve]
        live = [self.codes.get(application, ()) for application in self.live]
        quotas = [*self.terms.get("quotas", ()), *map(_of_owner, range(len(self.same_owner)))]
        return chosen(reserve, quotas, self.places_with_money, live)

    @property
    def places_with_money(self) -> int:
        """Return the places that the money pays for; all of them while none is allotted."""
        if self.funds is None:
            return self.places
        return min(self.places, int(self.funds["ceiling_idr"] // self.funds["place_cost_idr"]))

    def _check_next(self, fact: Fact) -> None:
        expected = self._next.pop(0) if self._next else None
        key: tuple[str, object] = (fact.word, fact.data.get("application"))
        if fact.word == "reserves-passed-over":
            key = (fact.word, fact.data["passed_over"])
        follows = fact.word in ("reserve-promoted", "reserves-passed-over")
        # An objection that was upheld takes a place that was free before.
        follows &= fact.data.get("application") != (self.disputes.winner or None)
        if key != expected and (expected is not None or follows):
            self.faults.append(f"{fact.id} came, and {expected or 'no reserve'} was next")
            self._next = []

    def _expect(self) -> None:
        due = self.due
        if due.stops:
            self._next.append(("reserves-passed-over", passed_over(due.stops)))
        self._next += [("reserve-promoted", self.reserve[n]) for n in due.positions]

    def _apply_request(self, fact: Fact) -> None:
        application = fact.data.get("application", "")
        match fact.word:
            case "loss-requested":
                self.requests[application] = fact.actor
            case "place-lost" if fact.data["reason"] in TAKEN:
                officer = self.requests.pop(application, None)
                if officer in (None, fact.actor) or self.frozen:
                    self.faults.append(f"{fact.id}: not taken by two people before the show")
            case "place-lost" | "loss-declined":
                self.requests.pop(application, None)
            case "seats-frozen":
                self.frozen = True
            case _:
                pass

    def _apply_seat(self, word: str, data: Data, winner: str) -> None:
        application = data["application"]
        self.seats[application] = SEATS[word]
        match word:
            case "place-confirmed":
                self.confirmed += 1
            case "reserve-promoted":
                self.given += 1
                if application in self.reserve:
                    self.reserve.remove(application)
                else:
                    self.faults.append(f"{self.id}: {application} took a seat and was no reserve")
                if winner == application:
                    self._expect()
            case "place-lost" if data["reason"] == "objection-upheld":
                self.lost += 1
                del self.seats[application]
                self.reserve = first_reserve(self.reserve, data)
                self._next = [("reserve-promoted", winner)]
            case "place-lost":
                self.lost += 1
                if data["reason"] in REPLACED and not self.late:
                    self._expect()
            case _:
                pass

    def _apply_list(self, word: str, data: Data) -> None:
        match word:
            case "round-opened":
                self.terms = data
            case "selection-approved":
                self.seats = dict.fromkeys(data["selected"], "WAITING")
                self.reserve = list(data["reserve"])
                ranks = zip((*self.seats, *self.reserve), data["group_of"], strict=False)
                self.codes = {id: tuple(data["groups"][group]) for id, group in ranks}
                for owned in data["same_owner"]:
                    self._own(owned)
                self.given = len(self.seats)
                self.approved_on = data["approved_on"]
            case "participants-decreed":
                self.reserve = []
                self.decree = {name: data[name] for name in ("number", "signed_on", "annex")}
                self.decree |= {"amendments": [], "undocumented": []}
            case "annex-amended" | "amendment-recorded" if self.decree is not None:
                self.decree |= _amended(self.decree, word, data)
            case "round-cancelled":
                self.reserve = []
            case _:
                self._apply_candidates(word, data)

    def _own(self, owned: list[str]) -> None:
        """Let these applications of one owner count for it, beside their quotas."""
        if owned:
            others = [each for each in self.same_owner if not set(each) & set(owned)]
            self.same_owner = [*others, owned]
        for id in (*self.codes, *owned):
            codes = self.codes.get(id, ())
            owners = [n for n, each in enumerate(self.same_owner) if id in each]
            quotas = (code for code in codes if not code.startswith(OWNER))
            self.codes[id] = (*quotas, *(_of_owner(number)["code"] for number in owners))

    def _apply_candidates(self, word: str, data: Data) -> None:
        match word:
            case "candidates-listed":
                self.listed = data["applications"]
            case "scoring-closed":
                self.closing = data["closing"]
            case "objection-filed":
                self.codes.setdefault(data["application"], tuple(data["counts_for"]))
                self._own(data["same_owner"])
            case "objection-upheld":
                self.reserve = first_reserve(self.reserve, data)
            case "candidate-struck":
                self.struck.append(data["application"])
                self.reserve = [item for item in self.reserve if item != data["application"]]
            case _ if word not in OTHERS:
                raise ValueError(f"the audit does not know {word}")
            case _:
                pass


def _amended(decree: Data, word: str, data: Data) -> Data:
    """Return the fields of the decree that an amendment or its document changes."""
    if word == "annex-amended":
        annex = [item for item in decree["annex"] if item != data["without"]]
        if data["document"] is None:
            return {"annex": annex, "undocumented": [*decree["undocumented"], data["without"]]}
        document = {**data["document"], "without": [data["without"]]}
        return {"annex": annex, "amendments": [*decree["amendments"], document]}
    document = {name: data[name] for name in ("number", "signed_on", "without")}
    waiting = [item for item in decree["undocumented"] if item not in data["without"]]
    return {"amendments": [*decree["amendments"], document], "undocumented": waiting}


def _of_owner(number: int) -> Data:
    return {"code": f"{OWNER}{number}", "minimum": 0, "maximum": 1}


def _day(fact: Fact, zone: str) -> str:
    return datetime.fromisoformat(fact.time).astimezone(ZoneInfo(zone)).date().isoformat()


def round_of(id: str, facts: Iterable[Fact]) -> Round:
    """Return a round after these events."""
    found = Round(id=id)
    for fact in facts:
        found.apply(fact)
    return found


@lru_cache(maxsize=2)
def rounds(topics: Topics) -> dict[str, Round]:
    """Return all rounds by exhibition."""
    return {id: round_of(id, facts) for id, facts in topics.of("round").items()}
