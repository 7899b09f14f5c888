"""Print amounts of rupiah for people."""


def rupiah(amount_idr: int) -> str:
    """Return `Rp 50,000,000,000`: whole rupiah with separators."""
    return f"Rp {amount_idr:,}"
