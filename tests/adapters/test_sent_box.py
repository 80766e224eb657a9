"""Sent copies: filed, and found in the index at once where the team names a command (R8)."""

from pathlib import Path

import pytest

from seccon.adapters.sent_box import SentBox
from seccon.core.errors import CourierError
from tests.mailroom import letter, open_mailroom


def test_a_copy_is_filed_and_indexed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with open_mailroom() as room:
        for name, value in room.env.items():
            monkeypatch.setenv(name, value)
        box = SentBox(str(room.root / "Sent"), ("notmuch", "new"))
        mail = letter("Re: report", message_id="sent-1@team.example.org")
        box.file("o1", mail)
        box.file("o1", mail)
        assert room.notmuch("count", "id:sent-1@team.example.org").strip() == "1"
        assert len(list((room.root / "Sent" / "cur").iterdir())) == 1


@pytest.mark.parametrize(("command", "said"), [(("false",), "status 1"), (("/no/such/program",), "cannot be run")])
def test_a_failing_index_says_that_the_copy_is_filed(tmp_path: Path, command: tuple[str, ...], said: str) -> None:
    with pytest.raises(CourierError, match=f"It is filed, but.*{said}"):
        SentBox(str(tmp_path / "Sent"), command).file("o1", b"Subject: x\n\ny\n")
    assert len(list((tmp_path / "Sent" / "cur").iterdir())) == 1
