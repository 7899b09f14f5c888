"""The rules of a rubric, and the default rubric."""
