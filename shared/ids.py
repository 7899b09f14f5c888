"""How composed ids are built and taken apart, and how new ones are derived.

A new id derives from actor, command and idempotency key, so that a retry names the same thing.
"""

from uuid import NAMESPACE_URL, uuid5

from shared.decider import Context


def application_id(exhibition: str, enterprise: str) -> str:
    """The one application (and candidate) of an enterprise for an exhibition."""
    return f"{exhibition}.{enterprise}"


def exhibition_of(application: str) -> str:
    """The exhibition that an application or candidate belongs to."""
    return application.partition(".")[0]


def enterprise_of(application: str) -> str:
    """The enterprise that an application or candidate belongs to."""
    return application.partition(".")[2]


def envelope_id(programme: str, scope: str) -> str:
    """The envelope of a programme's scope."""
    return f"{programme}.{scope}"


def derived_id(command: str, context: Context) -> str:
    """A new id for what this command makes, the same whenever the same caller repeats the key."""
    return str(uuid5(NAMESPACE_URL, f"kukm:{context.actor}/{command}/{context.key}"))
