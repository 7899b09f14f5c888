"""Reporting (pelaporan): what the programme has brought, and every figure that is asked of it."""
