"""Know an enterprise by its numbers: the same hashes, whatever the key that made them."""

from collections.abc import Mapping, Sequence

from services.registration.domain.enterprise.state import Enterprise
from shared.kernel.errors import Refused


def require_same_numbers(state: Enterprise, hashes: Mapping[str, Sequence[str]]) -> None:
    """Refuse a row with a number that this enterprise does not have (`numbers-differ`).

    An enterprise that was registered without NIB is known by its other numbers.
    """
    for kind, of_kind in hashes.items():
        own = state.identifiers.get(kind)
        if own not in of_kind and not (own is None and kind == "NIB"):
            raise Refused(
                "numbers-differ",
                "Some numbers of this row are of a registered enterprise, others are not: compare "
                "them with the documents.",
            )


def require_one_owner(owners: Sequence[str]) -> str:
    """Return the enterprise that has these numbers; refuse several (`numbers-of-several`)."""
    first, *others = sorted(set(owners))
    if others:
        raise Refused(
            "numbers-of-several",
            "The numbers of this row are of different enterprises: compare them with the "
            "documents.",
        )
    return first
