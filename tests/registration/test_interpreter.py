"""The interpreter: it checks the rules of a set, and the rules of both data files are right."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.domain.rule_set.interpreter import EligibilityFacts, check_rules, unmet
from services.registration.domain.rule_set.size_classes import size_class_by
from shared.contracts.registration.document import DocumentKind, FrozenDocument
from shared.contracts.registration.rule_set import (
    RuleCheck,
    RuleVerdict,
    Source,
    Standard,
)
from shared.contracts.words import Scope, SizeClass
from tests.registration.rule_sets import RULES_OF_2018, RULES_OF_TODAY, rule_set_of

LAST_DAY = date(2018, 4, 29)
MISSING, FAIL, PASS = RuleVerdict.MISSING, RuleVerdict.FAIL, RuleVerdict.PASS
OF_2018, OF_TODAY = rule_set_of(RULES_OF_2018), rule_set_of(RULES_OF_TODAY)
OPTIONAL = ("licence", "product-permit", "halal", "capacity")
FOR_ALL = ("sector", "participation-cap", "sanction", "size-class")


def paper(
    kind: DocumentKind,
    *,
    issuer: str = "a ministry",
    issued_on: date = date(2017, 5, 2),
    expires_on: date | None = None,
) -> FrozenDocument:
    return FrozenDocument(
        document=kind.lower().replace("_", "-"),
        document_kind=kind,
        issuer=issuer,
        issued_on=issued_on,
        expires_on=expires_on,
    )


IUMK = paper(DocumentKind.IUMK, issuer="Kecamatan Menteng")
FACTS = EligibilityFacts(
    scope=Scope.DOMESTIC,
    sector="14",
    size_class=SizeClass.SMALL,
    capacity=300,
    documents=(IUMK,),
    requirements=("licence", "capacity"),
    standards=(),
    sectors=("13", "14"),
    valid_through=LAST_DAY,
    participations=2,
    sanction=None,
)


def of(rule: str, facts: EligibilityFacts) -> RuleCheck:
    """Return the check of this rule of 2018."""
    (check,) = [check for check in check_rules(OF_2018.rules, facts) if check.rule == rule]
    return check


def halal(*documents: FrozenDocument, last_day: date = LAST_DAY) -> RuleVerdict:
    """Return the verdict on a halal certificate, in 2018's rules and in today's alike."""
    facts = replace(FACTS, documents=documents, requirements=("halal",), valid_through=last_day)
    verdicts = {
        check.verdict
        for rules in (OF_2018.rules, OF_TODAY.rules)
        for check in check_rules(rules, facts)
        if check.rule == "halal"
    }
    (verdict,) = verdicts
    return verdict


def test_each_rule_says_what_it_found_and_where() -> None:
    assert check_rules(OF_2018.rules, FACTS) == (
        RuleCheck(
            rule="licence",
            verdict=PASS,
            value="IUMK 2017-05-02/.., Kecamatan Menteng",
            source=Source.DOCUMENTS,
        ),
        RuleCheck(rule="capacity", verdict=PASS, value="300", source=Source.APPLICATION),
        RuleCheck(rule="sector", verdict=PASS, value="14", source=Source.PROFILE),
        RuleCheck(rule="participation-cap", verdict=PASS, value="2", source=Source.PARTICIPATIONS),
        RuleCheck(rule="sanction", verdict=PASS, value="", source=Source.SANCTIONS),
        RuleCheck(rule="size-class", verdict=PASS, value="SMALL", source=Source.PROFILE),
    )


def test_missing_is_what_can_be_delivered_and_the_rest_fails() -> None:
    facts = replace(
        FACTS,
        sector="10",
        size_class=None,
        capacity=0,
        documents=(),
        requirements=(*OPTIONAL, "recommendation"),
        standards=(Standard(one_of=(DocumentKind.HACCP,), sectors=("10",)),),
        participations=3,
        sanction="no-show 2018-02-01/..",
    )
    checks = check_rules(OF_2018.rules, facts)
    assert {check.rule: check.verdict for check in checks} == {
        "licence": MISSING,
        "product-permit": MISSING,
        "halal": MISSING,
        "international-standard": MISSING,
        "recommendation": MISSING,
        "capacity": MISSING,
        "sector": FAIL,
        "participation-cap": FAIL,
        "sanction": FAIL,
        "size-class": FAIL,
    }
    assert unmet(checks) == tuple(rule.code for rule in OF_2018.rules)
    assert of("sanction", facts).value == "no-show 2018-02-01/.."


@pytest.mark.parametrize("kind", [DocumentKind.NIB, DocumentKind.SIUP_TDP, DocumentKind.IUMK])
def test_a_licence_of_any_kind_is_enough(kind: DocumentKind) -> None:
    assert of("licence", replace(FACTS, documents=(paper(kind),))).verdict is PASS


def test_a_certificate_is_no_licence() -> None:
    documents = (paper(DocumentKind.ISO), paper(DocumentKind.HALAL))
    assert of("licence", replace(FACTS, documents=documents)) == RuleCheck(
        rule="licence",
        verdict=MISSING,
        value="",
        source=Source.DOCUMENTS,
        wanted=((DocumentKind.NIB, DocumentKind.SIUP_TDP, DocumentKind.IUMK),),
    )


def test_a_document_is_valid_through_the_last_day() -> None:
    last = paper(DocumentKind.NIB, expires_on=LAST_DAY)
    short = paper(DocumentKind.NIB, expires_on=LAST_DAY - timedelta(days=1))
    assert of("licence", replace(FACTS, documents=(last,))).verdict is PASS
    check = of("licence", replace(FACTS, documents=(short,)))
    assert (check.verdict, check.value) == (MISSING, "NIB 2017-05-02/2018-04-28, a ministry")
    assert of("licence", replace(FACTS, documents=(short, IUMK))).verdict is PASS


@pytest.mark.parametrize(
    ("issuer", "issued_on", "verdict"),
    [
        ("MUI", date(2019, 10, 17), PASS),
        ("LPPOM MUI Jawa Barat", date(2017, 5, 2), PASS),
        ("Majelis Ulama Indonesia, Jakarta", date(2017, 5, 2), PASS),
        ("mui", date(2017, 5, 2), PASS),
        ("MUI", date(2019, 10, 18), MISSING),
        ("BPJPH", date(2019, 10, 16), MISSING),
        ("BPJPH", date(2019, 10, 17), PASS),
        ("Badan Penyelenggara Jaminan Produk Halal", date(2022, 1, 3), PASS),
        ("MUIS Singapore", date(2017, 5, 2), MISSING),
        ("a ministry", date(2017, 5, 2), MISSING),
    ],
)
def test_a_halal_certificate_is_of_the_authority_of_its_day(
    issuer: str, issued_on: date, verdict: RuleVerdict
) -> None:
    certificate = paper(DocumentKind.HALAL, issuer=issuer, issued_on=issued_on)
    assert halal(certificate, last_day=date(2023, 1, 1)) is verdict


@pytest.mark.parametrize("sector", ["10", "11", "20"])
def test_food_drinks_and_cosmetics_need_a_product_permit(sector: str) -> None:
    facts = replace(FACTS, sector=sector, sectors=(), requirements=("product-permit",))
    assert of("product-permit", facts).verdict is MISSING
    for kind in (DocumentKind.BPOM_MD, DocumentKind.SPP_IRT):
        assert of("product-permit", replace(facts, documents=(paper(kind),))).verdict is PASS


def test_a_rule_counts_only_for_its_sectors_scopes_and_calls() -> None:
    def codes(facts: EligibilityFacts, *rules: Any) -> tuple[str, ...]:
        return tuple(check.rule for check in check_rules(rules or OF_2018.rules, facts))

    assert codes(replace(FACTS, requirements=())) == FOR_ALL
    assert codes(replace(FACTS, requirements=("product-permit",))) == FOR_ALL
    licence = OF_2018.rules[0].model_copy(update={"scopes": (Scope.OVERSEAS,)})
    assert codes(FACTS, licence) == ()
    assert codes(replace(FACTS, scope=Scope.OVERSEAS), licence) == ("licence",)


def test_a_show_without_sectors_is_for_all() -> None:
    assert of("sector", replace(FACTS, sector="31")).verdict is FAIL
    assert of("sector", replace(FACTS, sector="31", sectors=())).verdict is PASS


def test_each_standard_of_the_call_is_wanted_from_its_sectors() -> None:
    iso_or_haccp = Standard(one_of=(DocumentKind.ISO, DocumentKind.HACCP), sectors=("10",))
    sni = Standard(one_of=(DocumentKind.SNI,))
    facts = replace(FACTS, sector="10", standards=(iso_or_haccp, sni))
    check = of("international-standard", facts)
    assert check.wanted == ((DocumentKind.ISO, DocumentKind.HACCP), (DocumentKind.SNI,))
    haccp = replace(facts, documents=(paper(DocumentKind.HACCP),))
    check = of("international-standard", haccp)
    assert (check.verdict, check.wanted) == (MISSING, ((DocumentKind.SNI,),))
    both = replace(facts, documents=(paper(DocumentKind.HACCP), paper(DocumentKind.SNI)))
    check = of("international-standard", both)
    assert (check.verdict, check.value) == (
        PASS,
        "HACCP 2017-05-02/.., a ministry; SNI 2017-05-02/.., a ministry",
    )
    other = replace(both, sector="14", standards=(iso_or_haccp,))
    assert "international-standard" not in {
        check.rule for check in check_rules(OF_2018.rules, other)
    }


def test_a_document_that_does_not_count_is_missing_and_a_forged_one_fails() -> None:
    unread = replace(FACTS, unusable=(IUMK,))
    check = of("licence", unread)
    assert (check.verdict, check.source) == (MISSING, Source.FINDINGS)
    assert check.value == "IUMK 2017-05-02/.., Kecamatan Menteng"
    forged = replace(unread, not_genuine=(IUMK,))
    assert of("licence", forged).verdict is FAIL
    nib = paper(DocumentKind.NIB)
    assert of("licence", replace(forged, documents=(IUMK, nib))).verdict is PASS


def test_one_application_is_eligible_by_the_rules_of_2018_and_another_one_by_todays() -> None:
    """The same code decides by each set: size, licence and halal certificate differ."""
    then = {"net_assets_idr": 400_000_000, "annual_sales_idr": 2_000_000_000}
    now = {"net_assets_idr": 12_000_000_000, "annual_sales_idr": 14_000_000_000}

    def facts(figures: dict[str, int], law: Any, **changes: Any) -> EligibilityFacts:
        size_class = size_class_by(law, **figures)
        return replace(FACTS, size_class=size_class, requirements=OPTIONAL, **changes)

    old = {
        "documents": (
            paper(DocumentKind.IUMK),
            paper(DocumentKind.HALAL, issuer="MUI", expires_on=LAST_DAY),
        )
    }
    new = {
        "documents": (
            paper(DocumentKind.NIB, issued_on=date(2024, 5, 2)),
            paper(DocumentKind.HALAL, issuer="BPJPH", issued_on=date(2024, 5, 2)),
        ),
        "valid_through": date(2026, 10, 14),
    }
    assert unmet(check_rules(OF_2018.rules, facts(then, OF_2018.size_law, **old))) == ()
    assert unmet(check_rules(OF_TODAY.rules, facts(now, OF_TODAY.size_law, **new))) == ()
    too_large = check_rules(OF_2018.rules, facts(now, OF_2018.size_law, **new))
    assert unmet(too_large) == ("size-class",)
    expired = facts(then, OF_TODAY.size_law, **(old | {"valid_through": date(2026, 10, 14)}))
    assert unmet(check_rules(OF_TODAY.rules, expired)) == ("halal",)
    late_iumk = (paper(DocumentKind.IUMK, issued_on=date(2021, 2, 2)),)
    late = replace(expired, documents=late_iumk, requirements=("licence",))
    assert unmet(check_rules(OF_TODAY.rules, late)) == ("licence",)


kinds = st.sampled_from(DocumentKind)
days = st.dates(date(2015, 1, 1), date(2026, 12, 31))
papers = st.builds(
    FrozenDocument,
    document=st.sampled_from(["d-1", "d-2"]),
    document_kind=kinds,
    issuer=st.sampled_from(["MUI", "BPJPH", "Kecamatan Menteng"]),
    issued_on=days,
    expires_on=st.none() | days,
)


@given(st.lists(papers, max_size=6), papers, st.sampled_from([OF_2018, OF_TODAY]), days)
def test_a_further_document_never_hurts_and_a_finding_never_helps(
    documents: list[FrozenDocument], more: FrozenDocument, rules: Any, last_day: date
) -> None:
    facts = replace(
        FACTS,
        sector="10",
        documents=tuple(documents),
        requirements=OPTIONAL,
        standards=(Standard(one_of=(DocumentKind.ISO, DocumentKind.HACCP)),),
        valid_through=last_day,
    )
    before = set(unmet(check_rules(rules.rules, facts)))
    after = set(unmet(check_rules(rules.rules, replace(facts, documents=(*documents, more)))))
    assert after <= before
    found = replace(facts, unusable=tuple(documents[:1]), not_genuine=tuple(documents[:1]))
    assert set(unmet(check_rules(rules.rules, found))) >= before
