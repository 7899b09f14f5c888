"""The values that the fields of registration's commands do not take, for `test_api_requests`."""

from typing import Any

from tests.registration.registry import FINDING, RULE_SET, TARGETS

QUOTA = {"code": "pemula", "group": {"form": "first-timers"}, "minimum": 1, "maximum": None}
IDS, TEXTS = ("", "a.b", "a b", "ä", "x" * 65), ("", "  ", "x" * 501, 7)
ASSIGNMENT = {"enterprise": "e-1", "booth": "A-12"}
DAYS, AMOUNTS = ("2018-02-30", "yesterday", ""), (-1, 10**15 + 1, 1.5, "many")
BRIEFING = {
    "starts_at": "2018-04-20T03:00:00Z",
    "minutes": 90,
    "place": "JCC",
    "link": "https://example.id/x",
}
RECOMMENDATION = {"channel": "association", "office": "Asosiasi Rahasia", "letter": "d-8"}
TERMS: dict[str, Any] = {
    "standards": [],
    "quotas": [],
    "sheets_min": 3,
    "offer_hours": 72,
    "commitment_days": 7,
}
LETTER = {
    "number": "B-1/2018",
    "position": "Deputi",
    "signatory": "Ibu Rahasia",
}
WRONG: dict[str, tuple[Any, ...]] = {
    "link": ("javascript:alert(1)", "teams.example.id", "ftp://example.id", 5),
    "programme": ("18", "20188", "MMXX", 2018),
    "targets": ([], TARGETS * 51, [{**TARGETS[0], "value": -1}], [{**TARGETS[0], "scope": "X"}]),
    "scope": ("domestic", "ALL", ""),
    "sectors": (["1"], ["140"], ["14"] * 100, "14"),
    "slot": IDS,
    "zone": ("", "WIB", "Asia/Atlantis", "asia/jakarta", 7),
    "illustrative": ("maybe", 2),
    "booths": (7, {"number": 0}, {"number": 1, "shared_by": 0}, {"number": "many"}),
    "letters": (
        [],
        [{"application": "a.b", "number": ""}],
        [{"application": "ab", "number": "B-1"}],
        [{"application": "a.b"}],
        [{"application": "a.b", "number": "B-1"}] * 201,
    ),
    "assignments": (
        *([], [ASSIGNMENT] * 2_001, [{**ASSIGNMENT, "booth": "a-12"}], "A-12"),
        [{**ASSIGNMENT, "booth": "081234-567890"}],
        [{**ASSIGNMENT, "enterprise": "a.b"}],
    ),
    "places": (0, -1, 1.5, "many"),
    **dict.fromkeys(("closes_at", "scanned_at"), ("2018-03-01", "2018-03-01T23:59:59", "soon")),
    "requirements": (["the licence"], ["licence"] * 51, "licence"),
    "standards": (
        [{"one_of": []}],
        [{"one_of": ["KTP"]}],
        [{"one_of": ["ISO"], "sectors": ["04"]}],
    ),
    "quotas": (
        [QUOTA] * 11,
        [{**QUOTA, "minimum": -1}],
        [{**QUOTA, "code": "3201154107900001"}],
        [{**QUOTA, "group": {"form": "islands"}}],
        [{**QUOTA, "group": {"form": "sectors", "sectors": []}}],
        [{**QUOTA, "group": {"form": "provinces", "provinces": ["ID-JB"]}}],
    ),
    "findings": ([{"document": "d"}], [{**FINDING, "code": "beauty"}], [FINDING] * 21, "IUMK"),
    "sheets_min": (2, 16),
    "offer_hours": (0, 1_441),
    "commitment_days": (0, 61, 1.5),
    "recommendation": (
        *("association", {**RECOMMENDATION, "letter": "a.b"}),
        *({**RECOMMENDATION, "channel": each} for each in ("bank", "")),
    ),
    "cooperative": ("perhaps", 2),
    "province": ("31", {"system": "BPS", "edition": "2018", "code": "3"}, {"system": "BPS"}),
    "sector": ("1", "140", "C14", 14, "00", "34"),
    "net_assets_idr": AMOUNTS,
    "annual_sales_idr": AMOUNTS,
    "earlier_participations": (-1, 1_001),
    "products": (
        *([{"name": ""}], [{"name": "x"}] * 51, "Batik", [{"name": "x", "price_idr": 0}]),
        *([{"name": "x", "hs_code": "6304.92"}], [{"name": "x", "capacity": -1}]),
        [{"name": "x", "kbli": {"edition": "2017", "code": "04134"}}],
        [{"name": "x", "kbli": {"edition": "2018", "code": "13134"}}],
    ),
    "cooperative_kind": ("", "BANK"),
    "identifiers": ({"npwp": "123"}, {"nik": "3171015708850001"}, "none"),
    "document_kind": ("KTP", ""),
    "capacity": (-1, 10**9 + 1, 0.5),
    "present": ("perhaps", 2),
    "attended": ("perhaps", 2),
    "starts_at": ("2018-03-01", "2018-03-01T23:59:59", "soon"),
    "minutes": (0, 1_441, 1.5),
    **dict.fromkeys(("place", "link"), TEXTS),
    "fields": ([], ["BEAUTY"], ["CAPACITY"] * 4, "CAPACITY"),
    "days": (0, 31, 1.5),
    "code": ("", "because", 7),
    "check_in_code": ("", "7" * 41, 7),
    "day": DAYS,
    **dict.fromkeys(("exhibition", "enterprise", "rubric", "rule_set", "document"), IDS),
    **dict.fromkeys(("replaced_by", "file", "replaces"), IDS),
    **dict.fromkeys(
        ("starts_on", "ends_on", "issued_on", "expires_on", "signed_on", "ends_on"), DAYS
    ),
    **dict.fromkeys(("in_force_from", "in_force_through"), DAYS),
    "size_law": (
        {"name": "UU 20/2008", "classes": []},
        {**RULE_SET["size_law"], "name": "ask siti@example.id"},
        "UU 20/2008",
    ),
    "rules": (
        "licence",
        [],
        [RULE_SET["rules"][0] | {"condition": {"form": "beauty"}}],
        [RULE_SET["rules"][0]] * 51,
    ),
    **dict.fromkeys(("title", "reason", "name", "city", "position", "signatory"), TEXTS),
    **dict.fromkeys(("document_number", "report"), (*TEXTS, "none", "7_8", "3201154107900001")),
    "country": (*TEXTS, "Indonesia", "ZZ", "id"),
    **dict.fromkeys(("organiser", "venue", "representative", "issuer", "number"), TEXTS),
    "authority": (*TEXTS, "Ibu Siti, 0812-3456-7890"),
    "sanction": (0, 1_001, 1.5, "first"),
    "purpose": ("", "ANYTHING", 7),
    "after_enterprise": IDS,
    "enterprises": (0, 101, 1.5, "all"),
    "wording": (*TEXTS, "ask siti@example.id"),
}
"""Values that no field of this name takes, beside an object with an unknown field."""

OPTIONAL = frozenset(
    {
        "after_enterprise",
        "signatory",
        "booths",
        "scanned_at",
        "enterprises",
        "sectors",
        "slot",
        "zone",
        "illustrative",
        "sheets_min",
        "offer_hours",
        "commitment_days",
        "recommendation",
        "minutes",
        "place",
        "link",
        "products",
        "days",
        "standards",
        "quotas",
    }
    | {"replaced_by", "expires_on", "ends_on", "in_force_through", "file", "replaces"}
)
