"""Foreign programs that do the same work: what they promise is said in each module."""
