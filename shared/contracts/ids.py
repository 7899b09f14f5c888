"""Build the composed ids and take them apart."""


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


def without(ids: tuple[str, ...], removed: str) -> tuple[str, ...]:
    """Return the ids, in order, without `removed`."""
    return tuple(id for id in ids if id != removed)
