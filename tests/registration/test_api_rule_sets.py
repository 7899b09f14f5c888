"""The routes of the rule set on real servers: published from its data file, read, retired."""

from tests.registration.registry import PLANNER, RETIREMENT, RULE_SET, Registry
from tests.registration.rule_sets import RULES_OF_2018, RULES_OF_TODAY
from tests.serving import code

PATH = f"/rule-sets/{RULES_OF_2018}"


async def test_a_data_file_is_published_and_read_by_all(registry: Registry) -> None:
    assert await registry.done(PLANNER, "/rule-sets", RULE_SET) == RULES_OF_2018
    again = await registry.sends(PLANNER, "/rule-sets", RULE_SET)
    assert code(again) == (409, "already-published")
    today = {**RULE_SET, "rule_set": RULES_OF_TODAY}
    await registry.done(PLANNER, "/rule-sets", today)
    for reader in ("enterprise", "ministry-system", "curator"):
        read = await registry.gets(PATH, reader)
        assert [rule["code"] for rule in read["rules"]] == [
            rule["code"] for rule in RULE_SET["rules"]
        ]
        assert read["rules"][0]["text"] == RULE_SET["rules"][0]["text"]
        assert (read["size_law"], read["retired_because"]) == (RULE_SET["size_law"], None)
    listed = await registry.gets("/rule-sets")
    assert [item["id"] for item in listed["items"]] == [RULES_OF_2018, RULES_OF_TODAY]


async def test_a_retired_rule_set_stays_readable(registry: Registry) -> None:
    missing = await registry.sends(PLANNER, f"{PATH}/retirement", RETIREMENT)
    assert code(missing) == (404, "not-found")
    await registry.done(PLANNER, "/rule-sets", RULE_SET)
    await registry.done(PLANNER, f"{PATH}/retirement", RETIREMENT)
    read = await registry.gets(PATH)
    assert (read["version"], read["retired_because"]) == (2, "replaced")
    assert read["rules"]
    assert "Rahasia" not in "".join(await registry.published())
