"""docs/seeds.md names, for each sentence of the two processes, a policy key and a test: both exist."""

import re
from pathlib import Path

import pytest

from tests.story import shipped

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "seeds.md").read_text()
ROWS = [line for line in TEXT.splitlines() if line.startswith("|") and not line.startswith(("| what", "|---"))]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[2:50])
def test_a_row_names_a_test_that_exists(row: str) -> None:
    named = re.findall(r"`((?:core|desk|e2e|cli|adapters|screens)/[\w/]+\.py)(?:::(\w+))?`", row)
    assert named or "as above" in row
    for file, test in named:
        path = ROOT / "tests" / file
        assert path.exists(), file
        assert not test or f"def {test}(" in path.read_text(), test


def test_the_steps_and_clocks_it_names_are_in_the_policies() -> None:
    first, _, second = TEXT.partition("## libvirt")
    for text, policy in ((first, shipped("qemu")), (second, shipped("libvirt"))):
        steps, clocks = {step.id for step in policy.step}, {clock.id for clock in policy.clock}
        assert set(re.findall(r"`step\.([\w-]+)`", text)) <= steps
        assert set(re.findall(r"`clock\.([\w-]+)`", text)) <= clocks
