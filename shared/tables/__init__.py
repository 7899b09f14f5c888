"""Tables in files that people send and take: XLSX and CSV are read, and templates are written.

`reading` reads either into a `Grid` of cells, with a fault for each cell that cannot be taken as it
stands; `writing` makes files. What the columns mean is the business of the caller.
"""

from shared.tables.grid import CellFault, Grid, Unreadable, Value
from shared.tables.reading import read_grid
from shared.tables.writing import Page, write_csv, write_xlsx

__all__ = [
    "CellFault",
    "Grid",
    "Page",
    "Unreadable",
    "Value",
    "read_grid",
    "write_csv",
    "write_xlsx",
]
