"""The rules of a candidate: its life, its score sheets, and the points of a sheet."""
