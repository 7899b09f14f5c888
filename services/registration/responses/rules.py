"""The responses about rules: each rule of an application with its verdict and its texts.

A rule that is not met has a sentence in both languages: what to do, what is wanted and through
which day it must be valid, and what is there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.registration.domain.rule_set.decider import RuleSet
from shared.contracts.registration.document import DocumentKind
from shared.contracts.registration.rule_set import (
    EligibilityRule,
    RuleCheck,
    RuleVerdict,
    Source,
)
from shared.contracts.words import Sentence

OF_DOCUMENTS = frozenset({Source.DOCUMENTS, Source.FINDINGS})


@dataclass(frozen=True, kw_only=True)
class RuleResponse:
    """The check of a rule with its text; `sentence` is None if the rule is met."""

    rule: str
    verdict: RuleVerdict
    value: str
    source: Source
    wanted: tuple[tuple[DocumentKind, ...], ...]
    text: Sentence
    sentence: Sentence | None


def rule_responses(
    rules: RuleSet, checks: Sequence[RuleCheck], valid_through: date
) -> list[RuleResponse]:
    """Return the checks with the texts of their rules."""
    by_code = {rule.code: rule for rule in rules.rules}
    return [_response(by_code[check.rule], check, valid_through) for check in checks]


def _response(rule: EligibilityRule, check: RuleCheck, valid_through: date) -> RuleResponse:
    is_met = check.verdict is RuleVerdict.PASS
    return RuleResponse(
        rule=check.rule,
        verdict=check.verdict,
        value=check.value,
        source=check.source,
        wanted=check.wanted,
        text=rule.text,
        sentence=None if is_met else _sentence(rule.advice, check, valid_through),
    )


def _sentence(advice: Sentence, check: RuleCheck, valid_through: date) -> Sentence:
    indonesian, english = [advice.id], [advice.en]
    if check.source in OF_DOCUMENTS:
        indonesian.append(f"Dibutuhkan: {_wanted(check, 'atau')}, sampai {valid_through}.")
        english.append(f"Wanted: {_wanted(check, 'or')}, through {valid_through}.")
    if check.value:
        indonesian.append(f"Yang ada sekarang: {check.value}.")
        english.append(f"There is now: {check.value}.")
    if check.source is Source.FINDINGS:
        indonesian.append("Petugas menemukan bahwa dokumen ini tidak dapat dipakai.")
        english.append("An officer found that a document cannot be used.")
    # It is made of public texts, and may be longer than each of them.
    return Sentence.model_construct(id=" ".join(indonesian), en=" ".join(english))


def _wanted(check: RuleCheck, conjunction: str) -> str:
    return "; ".join(f" {conjunction} ".join(group) for group in check.wanted)
