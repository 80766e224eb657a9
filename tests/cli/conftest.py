"""A team's place for the command line's tests: a store with a few threads, a configuration, and the program as it is run."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result

from seccon.cli.main import cli
from seccon.core.instants import from_text
from tests.mailroom import LIST, Mailroom, letter, open_mailroom

CONFIG = """\
policy = "qemu@2020-12"

[store]
path = "{root}"
reports = "to:{list}"

[ledger]
url = "sqlite:///{ledger}"

[courier]
kind = "maildir"
path = "{outbox}"

[[identity]]
address = "team@example.org"

[[member]]
name = "Alice"
address = ["alice@example.org"]
"""


class Place(msgspec.Struct, frozen=True):
    """A mail room, a configuration beside it, and the environment of somebody who works there."""

    room: Mailroom
    config: Path
    env: Mapping[str, str]

    def run(self, *words: str, config: Path | str | None = None, input: str | None = None, bare: bool = False) -> Result:
        """Run a command in this process; `bare` names no configuration."""
        chosen = () if bare else ("--config", str(config or self.config))
        return CliRunner(env=self.env).invoke(cli, [*chosen, *words], input=input)

    def json(self, *words: str) -> Any:
        """Run a command that must succeed; give what it answered in JSON."""
        done = self.run(*words, "--json")
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    def start(self, *words: str, **more: Any) -> subprocess.CompletedProcess[bytes]:
        """Run the program itself, in a process of its own."""
        return subprocess.run(
            [sys.executable, "-m", "seccon", *words], env={**os.environ, **self.env, **more.pop("env", {})}, timeout=60, **more
        )


def make_place(room: Mailroom) -> Place:
    """Write a configuration for a mail room."""
    config = room.home / "config.toml"
    ledger = room.home / "ledger" / "ledger.db"
    ledger.parent.mkdir(mode=0o700, exist_ok=True)
    config.write_text(CONFIG.format(root=room.root, list=LIST, ledger=ledger, outbox=room.home / "outbox"))
    gpg = room.home / "gnupg"
    gpg.mkdir(mode=0o700, exist_ok=True)
    (room.home / "xdg").mkdir(exist_ok=True)
    env = {
        "HOME": str(room.home), "GNUPGHOME": str(gpg), "NOTMUCH_CONFIG": str(room.config), "SECCON_CONFIG": str(config),
        "XDG_CONFIG_HOME": str(room.home / "xdg"), "XDG_DATA_HOME": str(room.home / "data"), "LANG": "C.UTF-8",
    }  # fmt: skip
    return Place(room, config, env)


@pytest.fixture
def place() -> Iterator[Place]:
    """Three threads: an old report, one with an answer by the team, one that is out of the query."""
    with open_mailroom() as room:
        room.fill(
            [
                letter(message_id="old@r.example", date=from_text("2026-01-05T10:00:00Z"), subject="secret overflow in sdhci"),
                letter(message_id="two@r.example", date=from_text("2026-01-06T10:00:00Z"), sender="Ravi <ravi@r.example>"),
                letter(
                    message_id="ack@r.example", date=from_text("2026-01-06T12:00:00Z"), sender="Alice <alice@example.org>",
                    to=f"ravi@r.example, {LIST}", reply_to=["two@r.example"], subject="Re: heap overflow in the frobnicator",
                ),
                letter(message_id="other@r.example", to="somebody@else.example"),
            ]
        )  # fmt: skip
        yield make_place(room)
