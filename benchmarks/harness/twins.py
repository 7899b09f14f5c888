"""Synthetic enterprises of which some are registered twice, and many only look so.

Everything comes from one seed: fictional names, owners and addresses. A planted duplicate is a copy
that another clerk might have written: letters slip, words are left out, shortened, joined or in
another order, the form of the company and the titles change, the owner's name is spelled in an
older way or shortened, and the address is another. Those that only look so are branches of a chain,
siblings in one street, namesakes, neighbours, and names that differ in one word. This module shares
no list and no rule with the search that is measured.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random

from benchmarks.harness.twin_words import (
    CITIES,
    ENDINGS,
    FAMILY,
    FORMS,
    GIVEN,
    KEYBOARD,
    OLDER_OR_OTHER,
    PROPER,
    STREETS,
    TRADES,
)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An enterprise as a clerk writes it down; `province` is a code of BPS."""

    name: str
    owner: str
    address: str
    province: str


@dataclass(frozen=True, kw_only=True)
class Register:
    """Enterprises in random order, and the places of those that are planted twice."""

    entries: tuple[Entry, ...]
    twins: frozenset[tuple[int, int]]


def register(seed: int, *, size: int = 2_000, planted: int = 100) -> Register:
    """Return so many enterprises, of which `planted` are copies of others."""
    random = Random(seed)
    singles = list(_singles(random, size - planted))
    copied = random.sample(range(len(singles)), planted)
    rows = [(place, entry) for place, entry in enumerate(singles)]
    rows += [(place, copy(random, singles[place])) for place in copied]
    random.shuffle(rows)
    seen: dict[int, int] = {}
    twins = set()
    for now, (place, _) in enumerate(rows):
        if place in seen:
            twins.add((seen[place], now))
        seen[place] = now
    return Register(entries=tuple(entry for _, entry in rows), twins=frozenset(twins))


def copy(random: Random, entry: Entry) -> Entry:
    """Return the enterprise as another clerk writes it."""
    changes: list[Callable[[Random, Entry], Entry]] = [_renamed, _of_owner, _moved]
    chosen = random.sample(changes, random.choice((1, 2, 2, 3)))
    for change in chosen:
        entry = change(random, entry)
    return _reformed(random, entry)


def _singles(random: Random, count: int) -> Iterator[Entry]:
    """Yield different enterprises; a third looks like the one before it."""
    made: set[tuple[str, str]] = set()
    before = _entry(random)
    while len(made) < count:
        alike = random.choice(LOOKALIKES) if random.random() < 1 / 3 else None
        entry = alike(random, before) if alike else _entry(random)
        words = (" ".join(sorted(entry.name.casefold().split())), entry.owner.casefold())
        if words not in made:
            made.add(words)
            yield entry
        before = entry


def _entry(random: Random) -> Entry:
    city, province = random.choice(CITIES)
    return Entry(
        name=_name(random),
        owner=_owner(random),
        address=_address(random, city) if random.random() < 0.9 else "",
        province=province,
    )


def _name(random: Random) -> str:
    proper = random.sample(PROPER, random.choice((1, 1, 2)))
    parts = [random.choice(TRADES), *proper]
    parts += [random.choice(ENDINGS)] if random.random() < 0.5 else []
    if random.random() < 0.15:
        return f"Koperasi {random.choice(('Produsen ', 'Serba Usaha ', ''))}{' '.join(parts[1:])}"
    return random.choice(FORMS) + " ".join(parts)


def _owner(random: Random) -> str:
    parts = random.sample(GIVEN, random.choice((1, 1, 2)))
    return " ".join(parts) + (f" {random.choice(FAMILY)}" if random.random() < 0.85 else "")


def _address(random: Random, city: str) -> str:
    street = " ".join(random.sample(STREETS, random.choice((1, 2))))
    return f"Jl. {street} No. {random.randrange(1, 200)}, {city}"


# Those that only look like another


def _branch(random: Random, entry: Entry) -> Entry:
    return replace(_entry(random), name=entry.name)


def _sibling(random: Random, entry: Entry) -> Entry:
    family = entry.owner.split()[-1]
    trade = next((word for word in entry.name.split() if word in TRADES), random.choice(TRADES))
    name = f"{trade} {random.choice(PROPER)} {random.choice(ENDINGS)}"
    return replace(entry, name=name, owner=f"{random.choice(GIVEN)} {family}")


def _namesake(random: Random, entry: Entry) -> Entry:
    return replace(_entry(random), owner=entry.owner)


def _neighbour(random: Random, entry: Entry) -> Entry:
    return replace(_entry(random), address=entry.address, province=entry.province)


def _alike_in_all_but_a_word(random: Random, entry: Entry) -> Entry:
    places = [place for place, word in enumerate(entry.name.split()) if word in PROPER]
    words = entry.name.split()
    if places:
        words[random.choice(places)] = random.choice(PROPER)
    given, *others = entry.owner.split()
    owner = " ".join((random.choice([word for word in GIVEN if word != given]), *others[-1:]))
    return replace(_entry(random), name=" ".join(words), owner=owner, province=entry.province)


LOOKALIKES = (_branch, _sibling, _namesake, _neighbour, _alike_in_all_but_a_word)

# The slips of another clerk


def _renamed(random: Random, entry: Entry) -> Entry:
    words = entry.name.split()
    for _ in range(random.choice((1, 1, 2))):
        words = random.choice(WORD_SLIPS)(random, words)
    return replace(entry, name=" ".join(words))


def _of_owner(random: Random, entry: Entry) -> Entry:
    words = random.choice(OWNER_SLIPS)(random, entry.owner.split())
    return replace(entry, owner=" ".join(words))


def _moved(random: Random, entry: Entry) -> Entry:
    city, province = random.choice(CITIES)
    if random.random() < 0.6:
        return replace(entry, address=entry.address.replace("Jl.", "Jalan").replace(" No.", ""))
    return replace(entry, address=_address(random, city), province=province)


def _reformed(random: Random, entry: Entry) -> Entry:
    name = entry.name
    for form in filter(None, FORMS):
        if name.startswith(form) and random.random() < 0.6:
            name = random.choice(FORMS) + name.removeprefix(form)
            break
    if random.random() < 0.2:
        name = name.upper()
    return replace(entry, name=name)


def _slip(random: Random, words: list[str]) -> list[str]:
    place = random.choice([place for place, word in enumerate(words) if len(word) > 3] or [0])
    return [*words[:place], _mistyped(random, words[place]), *words[place + 1 :]]


def _mistyped(random: Random, word: str) -> str:
    if len(word) < 3:
        return word
    at = random.randrange(1, len(word) - 1)
    match random.randrange(4):
        case 0:
            return word[:at] + word[at + 1 :]
        case 1:
            return word[:at] + word[at] + word[at:]
        case 2:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        case _:
            return word[:at] + _near(random, word[at]) + word[at + 1 :]


def _near(random: Random, letter: str) -> str:
    row = next((row for row in KEYBOARD if letter.lower() in row), KEYBOARD[0])
    at = row.find(letter.lower())
    return random.choice(row[max(at - 1, 0) : at + 2])


def _without_a_word(random: Random, words: list[str]) -> list[str]:
    # A clerk leaves out what says least: the trade, or the wish at the end.
    lesser = [place for place, word in enumerate(words) if word in (*TRADES, *ENDINGS)]
    if len(words) < 3 or not lesser:
        return words
    place = random.choice(lesser)
    return [*words[:place], *words[place + 1 :]]


def _reordered(random: Random, words: list[str]) -> list[str]:
    return random.sample(words, len(words))


def _abbreviated(random: Random, words: list[str]) -> list[str]:
    place = random.choice([place for place, word in enumerate(words) if len(word) > 5] or [0])
    return [*words[:place], words[place][: random.choice((3, 4))] + ".", *words[place + 1 :]]


def _joined(random: Random, words: list[str]) -> list[str]:
    if len(words) < 3:
        return words
    at = random.randrange(1, len(words) - 1)
    return [*words[:at], words[at] + words[at + 1].lower(), *words[at + 2 :]]


def _spelled_otherwise(random: Random, words: list[str]) -> list[str]:
    text = " ".join(words)
    fitting = [pair for pair in OLDER_OR_OTHER if pair[0] in text]
    for ours, other in random.sample(fitting, min(len(fitting), random.choice((1, 2)))):
        text = text.replace(ours, other, 1)
    return text.split()


def _with_initials(random: Random, words: list[str]) -> list[str]:
    if len(words) < 2:
        return words
    return [f"{words[0][0]}.", *words[1:]] if random.random() < 0.5 else [*words[:-1], words[-1][0]]


def _shorter(random: Random, words: list[str]) -> list[str]:
    return words if len(words) < 3 else [*words[:1], *words[2:]]


def _titled(random: Random, words: list[str]) -> list[str]:
    return random.choice((["H.", *words], ["Hj.", *words], ["Ibu", *words], [*words, "S.E."]))


WORD_SLIPS = (_slip, _slip, _without_a_word, _reordered, _abbreviated, _joined, _spelled_otherwise)
OWNER_SLIPS = (
    _slip,
    _slip,
    _spelled_otherwise,
    _spelled_otherwise,
    _with_initials,
    _shorter,
    _titled,
)
