"""The office: every port the desk works with, and who works there. Built by `wiring`; tests build their own."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from seccon.core.team import Identity, Project, Roster

if TYPE_CHECKING:
    from seccon.core.agenda import Almanac, DaysOff
    from seccon.core.policy import Policy
    from seccon.core.ports import Cipher, Clock, Courier, CveService, Keyring, Ledger, MailReader, MailStore, Secrets
    from seccon.core.postroom import Postroom
    from seccon.core.repository import Patches, Repositories
    from seccon.core.workplace import Editor, Files


class Office(msgspec.Struct, frozen=True):
    """What requests act on. `person` is the operating system's login: it is never typed in."""

    ledger: "Ledger"
    store: "MailStore"
    reader: "MailReader"
    cipher: "Cipher"
    keyring: "Keyring"
    courier: "Courier"
    secrets: "Secrets"
    clock: "Clock"
    person: str
    roster: Roster
    projects: tuple[Project, ...]
    policies: "Mapping[str, Policy]"
    """`name@revision` -> policy."""
    identities: tuple[Identity, ...] = ()
    sent: str | None = None
    """Maildir that gets what was sent."""
    private: str | None = None
    """The person's own directory (0700) for what no key can seal."""
    postroom: "Postroom | None" = None
    """What letting mail leave needs beside the ports."""
    holidays: "Mapping[str, DaysOff]" = {}
    """`name@revision` -> the days on which nobody works, of policies that name countries."""
    almanac: "Almanac | None" = None
    """Writes calendars that other programs read."""
    feed: str = ""
    """The private calendar file that is kept up to date; empty: none."""
    calendar_domain: str = ""
    """What the ids of a calendar's events end with."""
    weaknesses: Mapping[str, str] = {}
    """CWE id -> its name."""
    files: "Files | None" = None
    """The person's own files: what is saved and what is attached."""
    editor: "Editor | None" = None
    """The person's own editor."""
    repositories: "Repositories | None" = None
    """The local clones that the configuration names."""
    patches: "Patches | None" = None
    """Reads patches, which need no clone."""
    smtp_login: str = ""
    """The name of the mail server's password among the secrets; empty where it wants none."""
    cve: "CveService | None" = None
    """Where a CNA reserves ids and publishes records, if the configuration has its credentials."""
    passphrases: "Secrets | None" = None
    """A keyring for the passphrase, where the configuration wishes it kept."""
