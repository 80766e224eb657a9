"""What happened since a person looked that may change their mind: what others did, never the echo of their own mail."""

from collections.abc import Collection, Sequence

from seccon.core.ids import MessageId
from seccon.core.journal import Entry
from seccon.core.journal.cases import Acknowledged, MailArrived
from seccon.core.journal.embargoes import EmbargoCommunicated
from seccon.core.journal.parties import PartyTold
from seccon.core.journal.replies import ReplySent
from seccon.core.journal.work import Archived, WaitingSet


def news(since: Sequence[Entry], person: str) -> tuple[Entry, ...]:
    """Give of `since` what a person has to look at before they decide; nothing where only their own mail went its way.

    A reply that was approved before leaves while its writer goes on: that it left, and what follows from that, is no
    colleague's doing. What went wrong with it is news all the same, and so is all that changes what may be done (a case
    that closes, a CVE id that was asked for).
    """
    left = {entry.body.mail for entry in since if isinstance(entry.body, ReplySent) and _is_theirs(entry, person)}
    return tuple(entry for entry in since if not _is_echo(entry, person, left))


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
