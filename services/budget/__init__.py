"""Budget (anggaran): what may be spent, on whom it is spent, and what has been paid."""
