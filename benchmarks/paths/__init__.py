"""A module for each measured path of an event: command, relay, projector, rebuild, restart."""
