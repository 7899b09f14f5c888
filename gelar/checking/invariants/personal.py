"""The numbers and addresses of persons that no topic may carry, found by code that no service uses.

Invariant 13. Ids and digests are taken out first, because their hexadecimal digits may look so.
"""

import re

IDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{40,}")
SIGNS = re.compile(r"(?<=\d)[.-](?=\d)")
SPACES = re.compile(r"(?<=\d{4}) (?=\d{4})")
"""The spaces between the groups of four digits in which a NIK is often written."""
PERSONAL = (
    re.compile(r"(?<!\d)\d{15,16}(?!\d)"),
    re.compile(r"(?<!\d)\d{13}(?!\d)"),
    re.compile(r"(?<!\d)(?<!Rp)(?<!Rp )(?:0|62|\+62[ -]?)8(?:[ .-]?\d){7,11}(?!\d)"),
    re.compile(r"(?<!\d)\(?0[2-9]\d{1,2}(?:\)[ -]?|[ -])\d{3,4}[ -]?\d{3,4}(?!\d)"),
    re.compile(r"[\w.+-]+@[\w-]+\.\w+"),
)
"""A NIK or NPWP, an NIB, a mobile phone, a phone with its area's code, a mail address."""
YEARS = re.compile(r"(?<!\d)(?:19|20)\d\d(?: (?:19|20)\d\d)+(?!\d)")


def is_personal(text: str) -> bool:
    """Return True if a text has the number of a person or an enterprise, or a mail address."""
    plain = YEARS.sub("", IDS.sub("", text))
    forms = (plain, SIGNS.sub("", plain), SPACES.sub("", plain))
    return any(pattern.search(form) for pattern in PERSONAL for form in forms)
