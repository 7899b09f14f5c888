"""The rules of selection: the rubric, the candidate and its sheets, the round and its seats."""
