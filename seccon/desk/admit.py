"""How somebody joins the team and how they leave: nominate, vouch, pledge, approve, decline, leave, seats (features, H1).

Each writes one entry into the team's file, if nobody changed the file meanwhile; the rules are `core.admission`'s.
"""

import msgspec

from seccon.core import admission
from seccon.core.case import last
from seccon.core.errors import RefusedError
from seccon.core.ids import TEAM_FILE, Fingerprint, MessageId, fingerprint
from seccon.core.journal import Body, Entry
from seccon.core.roster_state import Team, roster_from, team_of
from seccon.core.team import Roster
from seccon.desk.office import Office
from seccon.desk.request import Request, require_member
from seccon.desk.roster import admission_rules, pinned_in


class Asked(msgspec.Struct, frozen=True):
    """What a decision about the team looks at."""

    team: Team
    roster: Roster
    person: str
    """Login of who asks."""
    rules: admission.Rules


class TeamRequest(Request, frozen=True, kw_only=True):
    """Something asked of the team's file. `seen` is its last entry that the person had before their eyes."""

    seen: int

    def decide(self, asked: Asked) -> Body:
        """Say what is to be written, or refuse."""
        raise NotImplementedError

    def perform(self, office: Office) -> tuple[Entry, ...]:
        """Write it. Raises ConflictError, RefusedError."""
        require_member(office)
        with office.ledger.writing(office.person, office.clock()) as book:
            body = self.decide(asked_of(office, book.entries(TEAM_FILE)))
            return book.append(TEAM_FILE, self.seen, "", body)


def asked_of(office: Office, entries: tuple[Entry, ...]) -> Asked:
    """Give what the team's file says at this moment, inside a transaction too."""
    team = team_of(entries)
    return Asked(team, roster_from(office.roster, team, pinned_in(entries)), office.person, admission_rules(office))


def last_entry(office: Office) -> int:
    """Give the number of the last entry of the team's file."""
    return last(office.ledger.entries(TEAM_FILE))


class Nominate(TeamRequest, frozen=True, kw_only=True):
    """Let somebody be considered for the team."""

    address: str
    name: str = ""
    company: str = ""
    role: str = ""
    key: str = ""
    """The fingerprint that they give for themselves: a claim, until a person compares and pins it."""
    mail: MessageId | None = None
    why: str = ""

    def decide(self, asked: Asked) -> Body:
        """Write it."""
        return admission.nominate(
            asked.team, asked.roster, self.address, name=self.name, company=self.company, role=self.role,
            fingerprint=claimed_key(self.key), mail=self.mail, why=self.why,
        )  # fmt: skip


def claimed_key(text: str) -> Fingerprint | None:
    """Take a fingerprint as it was typed; nothing for an empty text. Raises RefusedError for a short or wrong one."""
    if not text.strip():
        return None
    try:
        return fingerprint(text)
    except ValueError as error:
        raise RefusedError("nominate.key", f"{error}.", "short ids are never identity") from None


class Vouch(TeamRequest, frozen=True, kw_only=True):
    """Vouch for a nominee."""

    address: str
    why: str

    def decide(self, asked: Asked) -> Body:
        """Write it."""
        return admission.vouch(asked.team, asked.roster, self.address, asked.person, self.why, asked.rules)


class RecordPledge(TeamRequest, frozen=True, kw_only=True):
    """Record that somebody promised to honour embargoes."""

    address: str
    proof: MessageId | None = None
    why: str = ""

    def decide(self, asked: Asked) -> Body:
        """Write it."""
        return admission.pledge(asked.team, asked.roster, self.address, self.proof, self.why, asked.rules)


class Approve(TeamRequest, frozen=True, kw_only=True):
    """Admit a nominee."""

    address: str
    login: str = ""
    why: str = ""

    def decide(self, asked: Asked) -> Body:
        """Write it."""
        return admission.approve(asked.team, asked.roster, self.address, asked.person, self.login, self.why, asked.rules)


class Decline(TeamRequest, frozen=True, kw_only=True):
    """Do not admit a nominee, or record that they thought otherwise."""

    address: str
    why: str

    def decide(self, asked: Asked) -> Body:
        """Write it."""
        return admission.decline(asked.team, self.address, self.why)


class Leave(TeamRequest, frozen=True, kw_only=True):
    """Record that a member left; `rotate` is what must be rotated now."""

    address: str
    why: str
    rotate: tuple[str, ...] = ()

    def decide(self, asked: Asked) -> Body:
        """Write it."""
        return admission.leave(asked.roster, self.address, self.why, self.rotate)


class OpenSeat(TeamRequest, frozen=True, kw_only=True):
    """Give a vendor a seat."""

    vendor: str
    why: str = ""

    def decide(self, asked: Asked) -> Body:
        """Write it."""
        return admission.open_seat(asked.team, self.vendor, self.why)


class CloseSeat(TeamRequest, frozen=True, kw_only=True):
    """Take a vendor's seat away."""

    vendor: str
    why: str

    def decide(self, asked: Asked) -> Body:
        """Write it."""
        return admission.close_seat(asked.team, self.vendor, self.why)
