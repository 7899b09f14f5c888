"""The rules of selection: a package per aggregate (rubric, candidate, selection round)."""
