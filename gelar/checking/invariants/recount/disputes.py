"""Objections of a round and the seats in escrow for them, as their events leave them."""

from dataclasses import dataclass, field

from gelar.checking.invariants.topics import Data, Fact

WORDS = (
    *("objection-filed", "objection-file-read", "objection-withdrawn", "objection-expired"),
    *("objection-dismissed", "objection-upheld", "objection-window-closed"),
    *("offer-put-off", "place-escrowed", "place-released"),
)
"""The events of objections."""

ENDS = {
    "objection-withdrawn": "WITHDRAWN",
    "objection-expired": "EXPIRED",
    "objection-dismissed": "DISMISSED",
    "objection-upheld": "UPHELD",
}
UNDECIDED = ("FILED", "EXPIRED")


@dataclass(kw_only=True)
class Disputes:
    """The objections by application with their status, and by seat the objection it is held for.

    `until` is the end of the time for objections, `window_open` if it has not been closed;
    `put_off` have money and no offer yet. `winner` has just been upheld.
    """

    until: str | None = None
    window_open: bool = False
    objections: dict[str, str] = field(default_factory=dict)
    escrow: dict[str, str] = field(default_factory=dict)
    put_off: set[str] = field(default_factory=set)
    winner: str = ""

    def apply(self, fact: Fact) -> None:
        """Apply an event of the round."""
        data, application = fact.data, fact.data.get("application", "")
        match fact.word:
            case "selection-approved":
                self.until = data["objections_until"]
                self.window_open = self.until is not None
            case "objection-window-closed" | "participants-decreed" | "round-cancelled":
                self.window_open = False
            case "objection-filed":
                self.objections[application] = "FILED"
            case word if word in ENDS:
                self.objections[application] = ENDS[word]
            case "place-escrowed":
                self.escrow[application] = data["objection"]
            case _:
                self._apply_seat(fact.word, application)
        if fact.word == "round-cancelled":
            self._overtake(*self.objections)
        if fact.word != "place-lost":
            self.winner = application if fact.word == "objection-upheld" else ""

    def _apply_seat(self, word: str, application: str) -> None:
        match word:
            case "offer-put-off":
                self.put_off.add(application)
            case "place-released":
                self.escrow.pop(application, None)
            case "place-offered":
                self.put_off.discard(application)
            case "place-lost":
                self.put_off.discard(application)
                self.escrow.pop(application, None)
            case "candidate-struck" | "reserve-promoted":
                self._overtake(application)
            case _:
                pass

    def _overtake(self, *applications: str) -> None:
        for application in applications:
            if self.objections.get(application) in UNDECIDED:
                self.objections[application] = "OVERTAKEN"


def first_reserve(reserve: list[str], data: Data) -> list[str]:
    """Return the reserve list with the application of this event before all others."""
    application = data["application"]
    return [application, *(each for each in reserve if each != application)]
