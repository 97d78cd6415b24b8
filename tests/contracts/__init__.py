"""Contracts that every adapter of a port is held to."""

import pytest

# The contracts are no test modules by name; their plain asserts should tell as much as those in test modules.
pytest.register_assert_rewrite("tests.contracts.store")
