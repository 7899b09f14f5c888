"""The numbers and addresses of persons and enterprises that no public text may have.

`found_in` first takes out the numbers that only look so (`HARMLESS`: amounts, days, years), and
then searches the rest by `PERSONAL`. Digits of every script count as digits, and every dash as a
dash; signs that show nothing do not count. Digits may lie in groups: up to three signs, and no
letter, lie between two of them. So a number of a document, which has letters, stays as it is.
"""

import re
from unicodedata import category, decimal, normalize

GAP = r"[\W_]{0,3}"
PHONE_GAP = r"[ ()-]{0,3}"
"""The signs within the number of a fixed phone: codes of the budget have dots, `0421.001.051`."""

CURRENCY = r"(?:[Rr][Pp]|IDR|USD)\.? ?"
THOUSANDS = r"[1-9][0-9]{0,2}(?:[.,][0-9]{3})"
DAY = r"(?:0?[1-9]|[12][0-9]|3[01])[./-](?:0?[1-9]|1[0-2])[./-]"
YEAR = r"(?:19|20)[0-9]{2}"

HARMLESS = {
    "amount": rf"(?:{CURRENCY}{THOUSANDS}{{1,4}}|(?!62){THOUSANDS}{{2,3}})(?:[.,][0-9]{{2}})?",
    "date": rf"{DAY}{YEAR}",
    "dates of short years": rf"{DAY}[0-9]{{2}} ?- ?{DAY}[0-9]{{2}}",
    "date of ISO 8601": rf"{YEAR}-(?:0[1-9]|1[0-2])-[0-3][0-9]",
    "time": r"(?:[01]?[0-9]|2[0-3])[.:][0-5][0-9]",
    "year": YEAR,
}
"""The numbers that stay, by name: a run of digits stays only if it consists of these.

A day (one or two digits) may follow at its end.
"""

PERSONAL = {
    "a mobile phone number": rf"(?:(?:00{GAP})?62{GAP}(?:0{GAP})?|0{GAP})8(?:{GAP}[0-9]){{7,11}}",
    "a phone number": rf"(?:0|62[ ()-]{{1,3}}0?)[2-9][0-9]{{1,2}}(?:{PHONE_GAP}[0-9]{{3,4}}){{2}}",
    "a phone number abroad": r"(?:\+|00[ ()-]{0,3})[1-9](?:[ ().-]{0,3}[0-9]){8,14}",
    "an NIB": rf"[0-9]{{13}}|(?<=[Nn][Ii][Bb])\W{{0,3}}[0-9](?:{GAP}[0-9]){{12}}",
    "an NIK or NPWP": rf"[0-9](?:{GAP}[0-9]){{14,}}",
    "a mail address": r"(?<=[^\s@])@(?:[^\W\d_]|[^\s@]+\.[^\s@])",
}
"""The numbers and addresses that are refused, by name."""

NEEDED = re.compile(r"[\d@]")
"""Every pattern needs one of these signs; most texts have none, and are not searched further."""
RUN = re.compile(rf"(?:{CURRENCY}|\+)?[0-9](?:{GAP}[0-9])*")
# Possessive: each part is read once, however long the text is.
HARMLESS_RUN = re.compile(
    rf"(?:(?:{'|'.join(HARMLESS.values())})(?:[\W_]{{1,3}}|\Z))++[0-9]{{0,2}}"
)
PATTERNS = {
    name: re.compile(rf"(?<![0-9])(?:{pattern})" + ("" if "mail" in name else "(?![0-9])"))
    for name, pattern in PERSONAL.items()
}


def found_in(text: str) -> str | None:
    """Return the name of the first number or address that a public text may not have, or None."""
    if not NEEDED.search(normalize("NFKC", text)):
        return None
    plain = RUN.sub(_without_harmless, _plain(text))
    return next((name for name, pattern in PATTERNS.items() if pattern.search(plain)), None)


def _without_harmless(run: re.Match[str]) -> str:
    return "x" if HARMLESS_RUN.fullmatch(run[0]) else run[0]


def _plain(text: str) -> str:
    """Return a text with ASCII digits, one form of dash and of space, and nothing unseen."""
    return re.sub(r"\s+", " ", "".join(map(_plain_sign, normalize("NFKC", text))))


def _plain_sign(sign: str) -> str:
    if sign.isdecimal():
        return str(decimal(sign))
    kind = category(sign)
    if kind == "Pd" or sign == "\u2212":
        return "-"
    return "" if kind in ("Cf", "Mn", "Me") else sign
