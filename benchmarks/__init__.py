"""Measurements of the loops beside the bare limit, as ratios taken in one run: `make bench`."""
