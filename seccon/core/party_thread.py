"""Threads of parties: each has mails of its own with us, beside the reporters' threads (features, F5).

Such a thread bears the Message-ID of our first mail to that party in place of a report's.
"""

from seccon.core.case import Case
from seccon.core.ids import MessageId, address_key


def root(case: Case, party: str) -> MessageId | None:
    """Give the name of a party's thread: our first mail to them; None while there is none."""
    wanted = address_key(party)
    ours = (one.queued.mail for one in case.replies if one.queued.party and address_key(one.queued.party) == wanted)
    # A case that others were merged into has their mails, and not what was queued there.
    came = (
        one.report for one in case.mails if one.party and address_key(one.party) == wanted and case.report(one.report) is None
    )
    return next(ours, None) or next(came, None)


def party_of(case: Case, thread: MessageId | None) -> str:
    """Give the address of the party whose thread bears this name; empty for a reporter's."""
    ours = (one.queued.party for one in case.replies if one.queued.party and one.queued.mail == thread)
    came = (one.party for one in case.mails if one.party and one.report == thread and case.report(one.report) is None)
    return next(ours, "") or next(came, "")


def mails(case: Case, party: str) -> tuple[MessageId, ...]:
    """Give the mails that were exchanged with a party on their thread, the oldest first; what never left is none of them."""
    wanted, thread = address_key(party), root(case, party)
    ours = [(one.when or one.at, one.queued.mail) for one in case.replies
            if address_key(one.queued.party) == wanted and one.state not in ("discarded", "failed")]  # fmt: skip
    theirs = [(one.arrived, one.mail) for one in case.mails if one.report == thread and one.arrived and not one.joined]
    return tuple(dict.fromkeys(mail for _when, mail in sorted((*ours, *theirs), key=lambda one: one[0])))
