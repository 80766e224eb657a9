"""What happened since a person looked that may change their mind: what others did, never the echo of their own mail."""

from collections.abc import Collection, Sequence

from seccon.core.ids import MessageId, address_key
from seccon.core.journal import Body, Entry
from seccon.core.journal.cases import Acknowledged, MailArrived
from seccon.core.journal.embargoes import EmbargoCommunicated
from seccon.core.journal.parties import PartyTold
from seccon.core.journal.replies import ReplyQueued, ReplySent, SentTo
from seccon.core.journal.work import Archived, WaitingSet
from seccon.core.letter import Letter, Recipient


def news(since: Sequence[Entry], person: str) -> tuple[Entry, ...]:
    """Give of `since` what a person has to look at before they decide; nothing where only their own mail went its way.

    A reply that was approved before leaves while its writer goes on: that it left, and what follows from that, is no
    colleague's doing. What went wrong with it is news all the same, and so is all that changes what may be done (a case
    that closes, a CVE id that was asked for).
    """
    left = {entry.body.mail for entry in since if isinstance(entry.body, ReplySent) and _is_theirs(entry, person)}
    return tuple(entry for entry in since if not _is_echo(entry, person, left))


def crossing(since: Sequence[Entry], person: str, letter: Letter) -> tuple[Entry, ...]:
    """Give of `since` what others wrote to whoever a letter goes to: they would get two answers to one question."""
    to = _meant(letter.recipients)
    return tuple(entry for entry in since if entry.by != person and _crosses(entry.body, to, letter))


def _crosses(body: Body, to: frozenset[str], letter: Letter) -> bool:
    match body:
        case ReplyQueued():
            return bool(_meant(body.recipients) & to)
        case MailArrived(direction="team"):
            return bool(frozenset(map(address_key, body.to)) & to)
        case Acknowledged():
            return letter.purpose == "acknowledge" and body.report == letter.report
    return False


def _meant(recipients: Sequence[Recipient] | Sequence[SentTo]) -> frozenset[str]:
    """Give the reporters and parties that it is for; where there is none, such as on an announcement, all outside the team."""
    outside = [one for one in recipients if one.role not in ("team", "member")]
    found = [one for one in outside if one.role in ("reporter", "party")] or outside
    return frozenset(address_key(one.address) for one in found)


def _is_theirs(entry: Entry, person: str) -> bool:
    sent = entry.body
    return entry.by == person and isinstance(sent, ReplySent) and not (sent.refused or sent.put_off)


def _is_echo(entry: Entry, person: str, left: Collection[MessageId]) -> bool:
    match entry.body:
        case MailArrived(direction="out"):
            return True
        case ReplySent():
            return _is_theirs(entry, person)
        case WaitingSet():
            return entry.by == person and bool(left)
        case Acknowledged() | Archived() | EmbargoCommunicated() | PartyTold() as noted:
            return entry.by == person and noted.mail in left
    return False
