"""Calibrated scores: the totals of sheets without the severity of their curators. Pure."""
