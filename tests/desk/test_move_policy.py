"""An open case keeps its policy's revision until a person moves it, with the reason."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from seccon.adapters.ledger import Ledger
from seccon.core.case import fold
from seccon.core.errors import RefusedError
from seccon.core.projection import projector
from seccon.core.team import Roster
from seccon.desk.move_policy import MovePolicy, Revisions
from tests.story import at, received, shipped, tell


def test_a_case_moves_between_revisions_of_its_own_policy_only(tmp_path: Path) -> None:
    policies = {policy.key: policy for policy in map(shipped, ("qemu", "qemu-2026-06", "libvirt"))}
    ledger = Ledger(tmp_path / "private" / "ledger.db", projector(policies))
    with ledger.writing("alice", at("2026-02-20")) as book:
        number = book.open_file("qemu@2020-12", *(body for _, body in received()))
    office = SimpleNamespace(ledger=ledger, person="alice", clock=lambda: at("2026-02-21"), policies=policies, roster=Roster())
    assert Revisions(case=number).perform(office) == ("qemu@2026-06",)  # type: ignore[arg-type]
    for to, why in (("libvirt@2013-06", "x"), ("qemu@1999", "x"), ("qemu@2026-06", " ")):
        with pytest.raises(RefusedError):
            MovePolicy(case=number, seen=3, to=to, why=why).perform(office)  # type: ignore[arg-type]
    MovePolicy(case=number, seen=3, to="qemu@2026-06", why="the project moved to issues").perform(office)  # type: ignore[arg-type]
    case = fold(ledger.entries(number))
    assert case.policy == "qemu@2026-06"
    assert ledger.entries(number)[-1].policy == "qemu@2020-12", "the decision was judged by the old one"
    ledger.close()


def test_entries_after_the_move_are_judged_by_the_new_revision() -> None:
    from seccon.core.journal.cases import NoteAdded, PolicyMoved

    story = [*received(), ("2026-02-21", PolicyMoved(to="qemu@2026-06", why="x")), ("2026-02-22", NoteAdded(text="y"))]
    assert fold(tell(*story)).policy == "qemu@2026-06"
