"""Build the composed ids and take them apart."""


def application_id(exhibition: str, enterprise: str) -> str:
    """Return the id of an enterprise's application (and candidate) for an exhibition."""
    return f"{exhibition}.{enterprise}"


def exhibition_of(application: str) -> str:
    """Return the exhibition of an application or candidate."""
    return application.partition(".")[0]


def enterprise_of(application: str) -> str:
    """Return the enterprise of an application or candidate."""
    return application.partition(".")[2]


def envelope_id(programme: str, scope: str) -> str:
    """Return the id of the envelope of a programme's scope."""
    return f"{programme}.{scope}"


def without(ids: tuple[str, ...], removed: str) -> tuple[str, ...]:
    """Return the ids, in order, without `removed`."""
    return tuple(id for id in ids if id != removed)


def suspicion_id(enterprise: str, other: str) -> str:
    """Return the id of the suspicion that these two parties are one enterprise."""
    return ".".join(sorted((enterprise, other)))


def parties_of(suspicion: str) -> tuple[str, str]:
    """Return the two parties of a suspicion, in order."""
    first, _, second = suspicion.partition(".")
    return first, second
