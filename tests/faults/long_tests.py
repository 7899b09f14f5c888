"""A mark for tests that take minutes: they run if `KUKM_LONG_TESTS=1`."""

import os

import pytest

long_test = pytest.mark.skipif(
    os.environ.get("KUKM_LONG_TESTS") != "1", reason="takes minutes: set KUKM_LONG_TESTS=1"
)
