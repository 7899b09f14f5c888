"""The parts into which curators fall: those of a part are connected by shared candidates."""

from collections.abc import Iterable, Sequence


def components_of(panels: Iterable[Sequence[str]]) -> dict[str, str]:
    """Return for each curator the first of those with whom it is connected by shared candidates."""
    first: dict[str, str] = {}

    def root(curator: str) -> str:
        while first[curator] != curator:
            first[curator] = first[first[curator]]
            curator = first[curator]
        return curator

    for panel in panels:
        for curator in panel:
            first.setdefault(curator, curator)
        for curator in panel[1:]:
            lower, higher = sorted((root(panel[0]), root(curator)))
            first[higher] = lower
    return {curator: root(curator) for curator in first}
