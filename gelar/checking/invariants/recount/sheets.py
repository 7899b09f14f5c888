"""Score sheets, added up again by the rubric of their round."""

from gelar.checking.invariants.answers import Item
from gelar.checking.invariants.topics import Data

LEVEL_POINTS = 20
"""A level of 1 to 5 is 20 to 100 points of its weight; figures are in hundredths of a point."""


def weights_of(rubric: Data, sector: str) -> dict[str, int]:
    """Return the weights of the criteria by which a sector is judged, by their codes."""
    return {item["code"]: item["weight"] for item in rubric["criteria"] if _is_for(item, sector)}


def is_complete(sheet: Data, rubric: Data, sector: str) -> bool:
    """Return True if a sheet answers what it must, and nothing else."""
    answered, asked = set(sheet["levels"]), set(weights_of(rubric, sector))
    gates = {gate["code"] for gate in rubric["gates"] if _is_for(gate, sector)}
    if set(sheet["gates"]) != gates:
        return False
    return answered <= asked if rubric["missing_answer"] == "LOWEST" else answered == asked


def total_of(sheet: Data, rubric: Data, sector: str) -> int:
    """Return the total of a sheet; a criterion without an answer has level 1."""
    total = 0
    for code, weight in weights_of(rubric, sector).items():
        total += weight * LEVEL_POINTS * sheet["levels"].get(code, 1)
    return total


def mean_of(item: Item, rubric: Data) -> int:
    """Return the mean of a candidate's sheets, rounded half up."""
    totals = [total_of(sheet, rubric, item["applicant"]["sector"]) for sheet in item["sheets"]]
    whole, rest = divmod(sum(totals), len(totals))
    return int(whole + (2 * rest >= len(totals)))


def gates_not_passed(item: Item) -> list[str]:
    """Return the gates that more sheets of a candidate find not met than met."""
    answers = [(code, met) for sheet in item["sheets"] for code, met in sheet["gates"].items()]
    codes = sorted({code for code, _ in answers})
    return [code for code in codes if answers.count((code, False)) > answers.count((code, True))]


def _is_for(part: Data, sector: str) -> bool:
    return sector not in part["not_for"] and (sector in part["sectors"] or not part["sectors"])
