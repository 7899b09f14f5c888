"""Checks of the databases against the topics."""
