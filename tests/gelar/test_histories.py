"""The audit knows every event that our services publish: another one would be a difference."""

from gelar.checking.invariants.histories import FIRST, LIVES, OTHERS
from tests.contracts.test_contracts import EVENTS


def test_the_audit_knows_every_event() -> None:
    known = {
        *(
            (kind, word)
            for kind, after in LIVES.items()
            for words in after.values()
            for word in words
        ),
        *FIRST.items(),
        *((kind, word) for kind, words in OTHERS.items() for word in words),
    }
    published = {(cls.kind, cls.type_name().split(".")[-2]) for cls in EVENTS}
    assert published - known == set()
