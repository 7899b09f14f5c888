"""Reporting (pelaporan): the outcomes of the programme, and all its figures."""
