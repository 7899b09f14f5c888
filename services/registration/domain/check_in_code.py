"""Check-in codes: sixteen signs that name one participant of one exhibition, and nothing else.

    7K2M-Q9XR-4TPA-0WBC

The first four signs follow from the exhibition, so that a code of another exhibition is recognised.
The other twelve are 60 bits of a keyed hash of the application (HMAC-SHA256, `shared.kernel.keys`).
So no code is stored anywhere: it is made again from the key whenever it is shown or scanned. Who
has one cannot make another, and learns nothing from it. After a change of the key the codes of the
former keys are still read.

The signs are those of Crockford's Base32, which has no I, L, O and U: a person who types a code
cannot confuse them. A QR code has a mode for capitals and digits, so its picture is small.
"""

import re
from collections.abc import Iterable
from hashlib import sha256

from shared.contracts.ids import application_id, exhibition_of
from shared.kernel.errors import Refused
from shared.kernel.keys import HashKeys

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CONFUSED = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})
FORM = re.compile(f"[{SIGNS}]{{16}}")
SHOW_SIGNS, OWN_SIGNS = 4, 12
BITS_A_SIGN = 5


def check_in_code(keys: HashKeys, application: str) -> str:
    """Return the code of a participant's application, by today's key, in groups of four signs."""
    exhibition = exhibition_of(application)
    today = keys.short_hashes(_named(application))[-1]
    code = _of_exhibition(exhibition) + _signs(today, OWN_SIGNS)
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def participant_of(code: str, exhibition: str, enterprises: Iterable[str], keys: HashKeys) -> str:
    """Return the enterprise among these participants that has this code, by any of the keys.

    Raises `Refused`: `unreadable-code`, `code-of-another-exhibition`, `code-of-no-participant`.
    """
    signs = code.upper().translate(CONFUSED)
    if not FORM.fullmatch(signs):
        raise Refused(
            "unreadable-code",
            "This is no check-in code: it has sixteen capitals and digits, in groups of four. Scan "
            "it again, or type it as it is printed.",
        )
    if not signs.startswith(_of_exhibition(exhibition)):
        raise Refused(
            "code-of-another-exhibition",
            f"This code is of another exhibition than {exhibition}: let the participant show the "
            "code of this exhibition.",
        )
    digits = _hex_of(signs[SHOW_SIGNS:])
    for enterprise in enterprises:
        hashes = keys.short_hashes(_named(application_id(exhibition, enterprise)))
        if any(each.startswith(digits) for each in hashes):
            return enterprise
    raise Refused(
        "code-of-no-participant",
        f"No participant of {exhibition} has this code: let the participant open its code again, "
        "or record the attendance by its name.",
    )


def _named(application: str) -> str:
    return f"check-in code of {application}"


def _of_exhibition(exhibition: str) -> str:
    return _signs(sha256(f"check-in codes of {exhibition}".encode()).hexdigest(), SHOW_SIGNS)


def _signs(digest: str, number: int) -> str:
    """Return the first bits of a hexadecimal digest as so many signs."""
    bits = int(digest, 16) >> (len(digest) * 4 - number * BITS_A_SIGN)
    places = range((number - 1) * BITS_A_SIGN, -1, -BITS_A_SIGN)
    return "".join(SIGNS[bits >> place & (len(SIGNS) - 1)] for place in places)


def _hex_of(signs: str) -> str:
    """Return the hexadecimal digits of which `_signs` has made these signs."""
    bits = 0
    for sign in signs:
        bits = bits << BITS_A_SIGN | SIGNS.index(sign)
    return f"{bits:0{len(signs) * BITS_A_SIGN // 4}x}"
