"""The views of budget: followed subjects (`followed`), own ones (`own`), `documents`."""
