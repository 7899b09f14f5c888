"""The rules of a round: scoring phase, proposal, ranking, and the seats."""
