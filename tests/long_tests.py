"""Marks for tests that play an outage, a programme or a busy system, or explore a whole model.

`long_test`: run if `KUKM_LONG_TESTS` is 1 or all, and always in CI. `longest_test` (clusters, a
full disk, a minute without a database): run if it is `all`.
"""

import os

import pytest

ASKED_FOR = os.environ.get("KUKM_LONG_TESTS")

long_test = pytest.mark.skipif(
    ASKED_FOR not in ("1", "all"), reason="takes long: set KUKM_LONG_TESTS=1"
)
longest_test = pytest.mark.skipif(
    ASKED_FOR != "all", reason="takes minutes: set KUKM_LONG_TESTS=all"
)
