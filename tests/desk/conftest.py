"""The scene on which verbs are tried: an office with real adapters in a temporary home."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.outgoing import Scene


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """Nothing has happened in it yet."""
    made = Scene(tmp_path)
    yield made
    made.close()
