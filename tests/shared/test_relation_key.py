"""The key of the hashes of relations: needed at the start, and in the order of its changes."""

import pytest

from shared.settings import load_settings, require_relation_key
from tests.shared.test_settings import GOOD


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A good environment of production."""
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)


def test_the_key_of_relations_is_needed_where_it_is_not_local(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    production = load_settings()
    assert production.relation_keys == ()
    with pytest.raises(SystemExit) as ended:
        require_relation_key(production, "selection")
    assert ended.value.code == 2
    assert "KUKM_RELATION_KEY: selection needs it" in capsys.readouterr().err
    monkeypatch.setenv("KUKM_ENVIRONMENT", "local")
    require_relation_key(load_settings(), "selection")


def test_the_keys_of_relations_are_in_the_order_of_their_use(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    former = ["the first key of relations, long enough", "the second key of relations, long enough"]
    monkeypatch.setenv("KUKM_RELATION_KEY", "the newest key of relations, long enough")
    monkeypatch.setenv("KUKM_RELATION_KEYS_BEFORE", "\n".join(former))
    first, second, newest = load_settings().relation_keys
    assert [first, second] == [each.encode() for each in former]
    assert newest.startswith(b"the newest")
