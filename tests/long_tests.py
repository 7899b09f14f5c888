"""A mark for tests that need their own servers, play an outage, or explore a whole model.

They run if `KUKM_LONG_TESTS=1`, and always in CI: together they take as long as all others.
"""

import os

import pytest

long_test = pytest.mark.skipif(
    os.environ.get("KUKM_LONG_TESTS") != "1", reason="takes long: set KUKM_LONG_TESTS=1"
)
