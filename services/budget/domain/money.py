"""Write an amount in a sentence; and the largest amount that an event can carry."""

LARGEST_IDR = 10**15
"""The bound of `Rupiah` in the contracts: a pagu above it is refused, not an error."""


def rupiah(amount_idr: int) -> str:
    """`Rp 50,000,000,000`: whole rupiah with separators, for people."""
    return f"Rp {amount_idr:,}"
