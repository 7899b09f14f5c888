"""The rules of the budget: the envelope of a programme's scope, the allocation of an exhibition."""
