"""The search for enterprises that are registered twice, pure.

`words` takes names and addresses apart, `search_keys` makes the keyed hashes by which candidates
are found, so that no plain name is indexed, and `likeness` compares two profiles and says how alike
they are. What follows from that is a suspicion (`services.registration.domain.suspicion`).
"""
