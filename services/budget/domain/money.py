"""Write an amount of rupiah for people to read."""


def rupiah(amount_idr: int) -> str:
    """`Rp 50,000,000,000`: whole rupiah with separators, for people."""
    return f"Rp {amount_idr:,}"
