"""Who we are: projects, the addresses we write from, and the people on the roster."""

from collections.abc import Iterable, Sequence

import msgspec

from seccon.core.ids import Fingerprint, address_key
from seccon.core.instants import Instant


class Project(msgspec.Struct, frozen=True):
    """One project whose reports come to this console."""

    name: str
    policy: str
    """`NAME`, `NAME@REVISION` or a file's path."""
    reports: str = ""
    """Notmuch query for its reports; empty: the policy's."""
    prefix: str = ""
    """What its case ids begin with; empty: the policy's."""


class Identity(msgspec.Struct, frozen=True):
    """An address that replies come from; without a signing key nothing can be signed from it."""

    address: str
    name: str = ""
    sign_key: Fingerprint | None = None


class Member(msgspec.Struct, frozen=True):
    """A rostered person. `login` is the operating system's user name on this host, if there is one."""

    name: str
    addresses: tuple[str, ...]
    login: str = ""
    key: Fingerprint | None = None
    company: str = ""
    role: str = ""
    since: Instant | None = None
    """When they were approved; None: from the beginning."""
    until: Instant | None = None
    """When they left; None: they are here."""

    def writes_from(self, address: str) -> bool:
        """Say whether an address is theirs."""
        return address_key(address) in map(address_key, self.addresses)

    def was_here(self, when: Instant) -> bool:
        """Say whether they were a member at a moment."""
        return (self.since is None or self.since <= when) and (self.until is None or when < self.until)


class Roster(msgspec.Struct, frozen=True):
    """Everybody on the team, and the questions that are asked of it."""

    members: tuple[Member, ...] = ()
    former: tuple[Member, ...] = ()
    """Who left: they may do nothing any more, but what they did bears their names."""

    def by_address(self, address: str, when: Instant | None = None) -> Member | None:
        """Find the member who writes from an address; with `when`, who was a member at that moment."""
        asked = self.members if when is None else (*self.members, *self.former)
        return next((one for one in asked if one.writes_from(address) and (when is None or one.was_here(when))), None)

    def by_login(self, login: str) -> Member | None:
        """Find the member whom the operating system calls `login`."""
        return next((member for member in self.members if login and member.login == login), None)

    def display(self, login: str) -> str:
        """Give the name to show for a login; the login itself where nobody on the roster has it."""
        known = (one for one in (*self.members, *self.former) if login and one.login == login)
        return next((one.name for one in known), login)


def own_addresses(identities: Iterable[Identity]) -> frozenset[str]:
    """Give the addresses that are ours, in comparable form: a reply to all never goes to them."""
    return frozenset(address_key(identity.address) for identity in identities)


def identity_for(identities: Sequence[Identity], written_to: Iterable[str]) -> Identity | None:
    """Propose who answers: the identity that was written to, else the first (features, R2)."""
    asked = {address_key(address) for address in written_to}
    return next((one for one in identities if address_key(one.address) in asked), identities[0] if identities else None)
