"""Where a demo lies, and how it is left behind."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from seccon.core.ids import Fingerprint, MessageId


class DemoPlace(msgspec.Struct, frozen=True):
    """The paths of one demo, all inside `directory` but for `borrowed`, and the names by which its history finds things."""

    directory: Path
    mail: Path
    notmuch_config: Path
    config: Path
    """seccon's own configuration."""
    ledger: str
    """The ledger's URL."""
    gpg_home: Path
    others_home: Path
    """The reporters' and colleagues' GnuPG home: their secret keys, which the demo's user does not have."""
    outbox: Path
    """Where mail goes that would be sent."""
    login: str
    keys: Mapping[str, Fingerprint] = {}
    """Person -> fingerprint."""
    logins: Mapping[str, str] = {}
    """Member -> login; `me` is whoever runs the demo."""
    threads: Mapping[str, MessageId] = {}
    """Thread -> Message-ID of its first mail."""
    projects: Mapping[str, str] = {}
    """Thread -> project."""
    mails: Mapping[str, MessageId] = {}
    """`thread/letter` -> Message-ID."""
    borrowed: tuple[Path, ...] = ()
    """Made outside `directory`, because the sockets of gpg-agent want short paths."""
    source: Path = Path()
    """The data that it was made from."""

    def environment(self) -> dict[str, str]:
        """Give the variables with which other programs look at this place instead of the person's own."""
        return {
            "HOME": str(self.directory),
            "NOTMUCH_CONFIG": str(self.notmuch_config),
            "GNUPGHOME": str(self.gpg_home),
            "SECCON_CONFIG": str(self.config),
        }

    def close(self) -> None:
        """End the agents that gpg started, and take away what lies outside `directory`; the directory itself stays."""
        from seccon.adapters.demo.gpg import discard, stop_agents

        for home in (self.gpg_home, self.others_home):
            stop_agents(home)
        for home in self.borrowed:
            discard(home)
