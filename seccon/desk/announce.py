"""Announcements: drafted from the case for the policy's lists, each a letter that a person edits, releases and sends (D1).

Only drafts: the letter passes the guard and the sheet like any other. Nothing of a mail goes into it: no quote, no thread.
"""

import secrets
from typing import ClassVar

from seccon.core.advisory import advisory
from seccon.core.announcement import body, frame, subject
from seccon.core.announcing import announce_lists, has_announcement, lists_for_announcements
from seccon.core.case import Case
from seccon.core.errors import RefusedError
from seccon.core.ids import address_key
from seccon.core.letter import ANNOUNCEMENT, Letter, Recipient, clean_line
from seccon.core.policy import MailingList, Policy
from seccon.desk.office import Office
from seccon.desk.request import Request, load, policy_of, require_member
from seccon.desk.room import identity_of, room


class PrepareAnnouncement(Request, frozen=True, kw_only=True):
    """Ask for the announcement of a case; without `lists`, to the next that is owed one, or to all by the policy's choice."""

    beside: ClassVar[bool] = True

    case: int
    lists: tuple[str, ...] = ()
    identity: str = ""
    """The address it comes from; empty: the first of the configuration."""

    def perform(self, office: Office) -> Letter:
        """Give the letter to edit; it may be written before the date, and is sent after the release. Raises RefusedError."""
        require_member(office)
        case = load(office, self.case)
        policy = policy_of(office, case)
        lists = _lists(case, policy, self.lists)
        identity = identity_of(office, self.identity) if self.identity else next(iter(office.identities), None)
        file = policy.templates.get(ANNOUNCEMENT, ANNOUNCEMENT)
        told = advisory(case, policy, weaknesses=office.weaknesses)
        around = frame(told, policy, identity.name if identity else "")
        text = room(office).templates.render(file, around, {"advisory": body(told)})
        return Letter(
            id=secrets.token_hex(8),
            case=case.number,
            identity=identity.address if identity else "",
            recipients=tuple(Recipient(one.address, clean_line(one.name), "list") for one in lists),
            subject=subject(case, policy),
            text=text,
            protection="signed" if identity and identity.sign_key else "clear",
            purpose=ANNOUNCEMENT,
        )


def _lists(case: Case, policy: Policy, named: tuple[str, ...]) -> tuple[MailingList, ...]:
    """Choose where it goes."""
    known = lists_for_announcements(policy)
    if not known:
        raise RefusedError("announce.none", "The policy names no list for announcements.", policy.source)
    wanted = {address_key(one) for one in named}
    strange = wanted - {address_key(one.address) for one in known}
    if strange:
        raise RefusedError("announce.list", f"The policy does not announce on '{min(strange)}'.", policy.source)
    if wanted:
        return tuple(one for one in known if address_key(one.address) in wanted)
    owed = tuple(one for one in announce_lists(case, policy) if not has_announcement(case.work, one.address))
    if not owed:
        raise RefusedError("announce.done", "Every list that is owed an announcement has it.", policy.source)
    return owed if policy.announcement.together else owed[:1]
