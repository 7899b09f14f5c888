"""The door of printed documents: their words become a tagged PDF with a QR code.

`printer` asks a process of its own (`typesetting`), which sets them by `document.typ`; `check_page`
is what a person reads who scans the code. Words are
data for the typesetter and never its code. `shared.contracts.printed_document` has their form.
"""

from shared.printing.printer import Reproduction, print_apart

__all__ = ["Reproduction", "print_apart"]
