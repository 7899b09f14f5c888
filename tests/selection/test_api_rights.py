"""The rights of each role on the routes of selection, and bodies that are refused before a rule."""

from typing import Any

from tests.selection.examples import ANI, APPROVER, PANEL, A
from tests.selection.secretariat import ROUND, RUBRIC, Secretariat, candidate, levels, loss

RETURN = {"code": "scores-diverge", "reason": "look at the samples"}
SIGNED = {"number": "SK-7", "signed_on": "2018-02-01", "annex_digest": "0" * 64}
OBJECTION = {"application": A, "ground": "score", "reason": "a wrong sum"}
ANSWER = {"application": A, "answer": "r", "number": "ND-1", "signed_on": "2018-02-01"}
UPHOLDING, DISMISSAL = {**ANSWER, "ground": "score"}, {**ANSWER, "code": "unfounded"}
COMMANDS: list[tuple[str, str, object, frozenset[str]]] = [
    ("rubric", "/rubrics", RUBRIC, frozenset({"selection-officer"})),
    ("panel", f"{ROUND}/panel", {"curators": PANEL}, frozenset({"selection-officer"})),
    ("closure", f"{ROUND}/scoring-closure", {}, frozenset({"selection-officer"})),
    ("proposal", f"{ROUND}/proposal", {}, frozenset({"selection-officer"})),
    ("return", f"{ROUND}/return", RETURN, frozenset({"approver"})),
    ("approval", f"{ROUND}/approval", {"digest": "0" * 64}, frozenset({"approver"})),
    (
        "decree",
        f"{ROUND}/decree",
        SIGNED,
        frozenset({"selection-officer"}),
    ),
    ("amendment", f"{ROUND}/amendments", SIGNED, frozenset({"selection-officer"})),
    ("loss", f"{ROUND}/losses", loss("a"), frozenset({"selection-officer"})),
    ("taken", f"{ROUND}/losses/approval", {"application": A}, frozenset({"approver"})),
    (
        "left",
        f"{ROUND}/losses/decline",
        {"application": A, "reason": "r"},
        frozenset({"approver"}),
    ),
    ("object", f"{ROUND}/objections", OBJECTION, frozenset({"enterprise"})),
    (
        "withdraw",
        f"{ROUND}/objections/withdrawal",
        {"application": A},
        frozenset({"enterprise"}),
    ),
    ("uphold", f"{ROUND}/objections/upholding", UPHOLDING, frozenset({"approver"})),
    ("dismiss", f"{ROUND}/objections/dismissal", DISMISSAL, frozenset({"approver"})),
    ("assign", f"{candidate('a')}/assignments", {"curator": ANI}, frozenset({"selection-officer"})),
    ("automatic", f"{ROUND}/automatic-assignments", {}, frozenset({"selection-officer"})),
    ("conflict", f"{candidate('a')}/conflicts", {"reason": "r"}, frozenset({"curator"})),
    ("sheet", f"{candidate('a')}/score-sheets", levels(3), frozenset({"curator"})),
    ("retract", f"{candidate('a')}/score-sheets/retraction", {}, frozenset({"curator"})),
]
ROLES = (
    "programme-officer",
    "verification-officer",
    "selection-officer",
    "curator",
    "approver",
    "budget-officer",
    "payment-officer",
    "reporting-officer",
    "enterprise",
    "auditor",
    "ministry-system",
    "operator",
)


async def test_each_command_is_for_its_roles_only(secretariat: Secretariat) -> None:
    for name, path, body, allowed in COMMANDS:
        for role in ROLES:
            own = "a" if role == "enterprise" else None
            answer = await secretariat.asks(path, body, role=role, enterprise=own)
            assert (answer.status_code != 403) == (role in allowed), (name, role, answer.text)


async def test_each_query_is_for_its_roles_only(secretariat: Secretariat) -> None:
    deciding = {"selection-officer", "approver", "auditor"}
    readers = set(ROLES) - {"payment-officer", "enterprise", "operator"}
    for path, allowed in {
        "/rubrics": readers | {"enterprise"},
        "/rubrics/none": readers | {"enterprise"},
        "/rounds": readers,
        ROUND: readers,
        f"{ROUND}/annex": readers,
        f"{ROUND}/missing-sheets": deciding,
        f"{ROUND}/losses": deciding,
        f"{ROUND}/objections": deciding,
        f"{candidate('a')}/objection": {"enterprise"},
        f"{candidate('a')}/objection/files/f": {"enterprise", "approver", "auditor"},
        f"{ROUND}/proposal": deciding,
        "/candidates": deciding | {"curator"},
        candidate("a"): deciding | {"curator"},
    }.items():
        for role in ROLES:
            own = "a" if role == "enterprise" else None
            answer = await secretariat.reads(path, role, enterprise=own)
            assert (answer.status_code != 403) == (role in allowed), (path, role)


async def test_a_malformed_body_is_refused_before_any_rule(secretariat: Secretariat) -> None:
    cases: list[tuple[str, Any, str]] = [
        ("/rubrics", {**RUBRIC, "criteria": []}, "selection-officer"),
        ("/rubrics", {**RUBRIC, "rubric": "a.b"}, "selection-officer"),
        (f"{ROUND}/panel", {"curators": ["a curator"]}, "selection-officer"),
        (f"{ROUND}/approval", {"digest": "short"}, "approver"),
        (f"{ROUND}/losses", {**loss("a"), "code": "cancelled"}, "selection-officer"),
        (f"{ROUND}/objections", {**OBJECTION, "ground": "taste"}, "enterprise"),
        (f"{ROUND}/objections", {**OBJECTION, "files": list("abcdef")}, "enterprise"),
        (f"{ROUND}/objections/upholding", ANSWER, "approver"),
        (f"{ROUND}/objections/dismissal", {**ANSWER, "code": "late"}, "approver"),
        (f"{ROUND}/losses", {**loss("a"), "number": "#"}, "selection-officer"),
        (f"{ROUND}/losses/approval", {"application": "a"}, "approver"),
        (f"{ROUND}/losses/decline", {"application": A}, "approver"),
        (f"{ROUND}/return", {"reason": "without a code"}, "approver"),
        (f"{ROUND}/return", {**RETURN, "code": "tired"}, "approver"),
        (f"{ROUND}/decree", {**SIGNED, "number": "without digits"}, "selection-officer"),
        (f"{ROUND}/decree", {**SIGNED, "signed_on": "yesterday"}, "selection-officer"),
        (f"{ROUND}/decree", {**SIGNED, "annex_digest": "short"}, "selection-officer"),
        (f"{ROUND}/amendments", {**SIGNED, "number": "3273012345670001"}, "selection-officer"),
        (f"{candidate('a')}/score-sheets", {"levels": {"price": 6}}, "curator"),
        (f"{candidate('a')}/score-sheets", {"levels": {}}, "curator"),
        ("/candidates/nobody/conflicts", {"reason": "r"}, "curator"),
    ]
    for path, body, role in cases:
        answer = await secretariat.asks(path, body, role=role, actor=APPROVER)
        assert answer.status_code == 422, (path, body, answer.text)
