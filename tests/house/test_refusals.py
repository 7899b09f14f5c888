"""Every refusal has its sentences in both languages, once, and every README shows them.

A code that a service raises is in `services/NAME/refusals.toml`, one that `shared` raises is in
`shared/refusals.toml`. The failing test prints the lines to add, and the file.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from gelar.refusal_pages import refusal_pages
from shared.kernel.explanations import (
    FILE_NAME,
    NO_EXPLANATIONS,
    UNLISTED,
    Explanation,
    Explanations,
    read_explanations,
)
from tests.house.raised import HOUSE, raised, trees
from tests.house.reading import ROOT
from tests.house.test_house import SERVICES

HOMES = (*SERVICES, HOUSE)
CHARACTERS_MAX = {"text": 110, "advice": 110}
CODE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
SENTENCE = re.compile(r"[A-Z][^.!?]*(?:[.][^ .!?][^.!?]*)*\.", re.DOTALL)
"""A capital letter, and a single full stop with nothing after it."""
NO_VALIDATORS = ("shared/contracts/roles.py", "shared/http/keys.py")
"""Their errors reach no caller: a route with a wrong role, a file of keys that cannot be read."""

ENGLISH = re.compile(r"\b(the|is|are|this|with|and|of|was|your|again)\b", re.IGNORECASE)


def path_of(home: str) -> Path:
    return Path(home if home == HOUSE else f"services/{home}") / FILE_NAME


def explanations(home: str) -> Explanations:
    return read_explanations(ROOT / path_of(home))


def listed(home: str) -> Mapping[str, Explanation]:
    return explanations(home).by_code


def sentences() -> Iterator[tuple[str, str, str, str]]:
    """Yield home and code, `text` or `advice`, the language, and the sentence."""
    for home in HOMES:
        for code, explanation in listed(home).items():
            for part in ("text", "advice"):
                for language, sentence in getattr(explanation, part).items():
                    yield f"{home}: {code}", part, language, sentence


def test_every_code_of_a_refusal_can_be_found() -> None:
    unknown = raised().unknown
    assert not unknown, (
        "these make a code at run time: write the code as it is, or add the expression to EXPANDED "
        f"in tests/house/raised.py, with the codes that it stands for: {unknown}"
    )


@pytest.mark.parametrize("home", HOMES)
def test_every_refusal_has_its_sentences_in_both_languages(home: str) -> None:
    missing = raised().codes[home] - listed(home).keys() - listed(HOUSE).keys()
    lines = "\n".join(
        f'\n[GROUP.{code}]  # raised in {raised().places[home, code]}\ntext.en = "What is wrong."\n'
        'text.id = "Apa yang salah."\nadvice.en = "What to do."\nadvice.id = "Apa yang harus '
        'dilakukan."'
        for code in sorted(missing)
    )
    groups = ", ".join(group.name for group in explanations(home).groups)
    assert not missing, (
        f"add to {path_of(home)}, in one of its groups ({groups}), a sentence for each, then run "
        f"`make docs`:\n{lines}"
    )


@pytest.mark.parametrize("home", HOMES)
def test_every_listed_code_is_raised(home: str) -> None:
    unused = listed(home).keys() - raised().codes[home]
    assert not unused, f"nothing raises these: remove them from {path_of(home)}: {unused}"


@pytest.mark.parametrize("home", HOMES)
def test_a_code_is_listed_once(home: str) -> None:
    codes = [code for group in explanations(home).groups for code in group.explanations]
    assert len(codes) == len(set(codes)), "a code is in two groups"
    assert home == HOUSE or not listed(home).keys() & listed(HOUSE).keys(), "the house has it"
    assert not [code for code in codes if not CODE.fullmatch(code)], "a code is kebab-case"


def test_every_sentence_is_one_short_sentence() -> None:
    bad = [
        f"{code} {part}.{language}: {sentence}"
        for code, part, language, sentence in sentences()
        if not SENTENCE.fullmatch(sentence) or len(sentence) > CHARACTERS_MAX[part]
    ]
    assert not bad, f"one sentence, at most {CHARACTERS_MAX} characters: {bad}"


def test_every_refusal_speaks_both_languages() -> None:
    for home in HOMES:
        for code, found in listed(home).items():
            for part in (found.text, found.advice):
                assert set(part) == {"id", "en"}, f"{home}: {code} needs `id` and `en`"
                assert part["id"] != part["en"], f"{home}: {code} says both in one language"
    english = [
        f"{code} {part}: {sentence}"
        for code, part, language, sentence in sentences()
        if language == "id" and len(ENGLISH.findall(re.sub(r"`[^`]*`", "", sentence))) > 1
    ]
    assert not english, f"these are English: {english}"


def test_two_codes_never_say_the_same() -> None:
    codes: dict[str, set[str]] = defaultdict(set)
    for home in HOMES:
        for code, explanation in listed(home).items():
            for sentence in explanation.text.values():
                codes[sentence].add(code)
    alike = {sentence: found for sentence, found in codes.items() if len(found) > 1}
    assert not alike, f"say what distinguishes them: {alike}"


def test_a_validator_says_in_both_languages_which_values_it_takes() -> None:
    english_only = [
        f"{path}:{node.lineno}"
        for path, tree in trees().items()
        if path.startswith(("shared/contracts/", "shared/http/", "services/"))
        and path not in NO_VALIDATORS
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise)
        and isinstance(node.exc, ast.Call)
        and ast.unparse(node.exc.func) == "ValueError"
        # A state that is folded from a wrong event is a bug: its sentence is for the log.
        and "the first event of" not in ast.unparse(node.exc)
    ]
    assert not english_only, f"raise WrongValue(english, id=indonesian) here: {english_only}"


def test_the_pages_of_refusals_are_up_to_date() -> None:
    stale = [
        path for path, text in refusal_pages(ROOT).items() if (ROOT / path).read_text() != text
    ]
    assert not stale, f"run `make docs` and commit: {stale}"


@pytest.mark.parametrize("service", SERVICES)
def test_the_tables_of_commands_name_refusals_that_exist(service: str) -> None:
    readme = (ROOT / "services" / service / "README.md").read_text()
    named = {
        code
        for table in re.split(r"\n\n", readme)
        if "| refused with |" in table.partition("\n")[0]
        for row in table.splitlines()[2:]
        for code in re.findall(r"`([a-z0-9-]+)`", row.strip("| ").rpartition(" | ")[2])
    }
    unknown = named - listed(service).keys() - listed(HOUSE).keys()
    assert named, "a table of commands has a last column `refused with`"
    assert not unknown, f"no rule raises these: {unknown}"


def test_a_code_of_no_file_is_explained_too() -> None:
    assert NO_EXPLANATIONS.explanation_of("no-such-code") == listed(HOUSE)[UNLISTED]
    assert explanations("budget").explanation_of("not-found") == listed(HOUSE)["not-found"]
