"""Announcements: on which lists one is owed, what proves that a list sent it out, where the list's archive shows it."""

import base64
import hashlib
from urllib.parse import quote

from seccon.core.case import Case
from seccon.core.ids import MessageId, address_key
from seccon.core.journal.disclosure import AnnouncementUnproved
from seccon.core.policy import MailingList, Policy
from seccon.core.work import Work

LISTED = ("announce", "day")
"""Verbs of lines that there are only where a list is owed an announcement."""


def lists_for_announcements(policy: Policy) -> tuple[MailingList, ...]:
    """Give every list that announcements may go to."""
    return tuple(one for one in policy.list if "announce" in one.purpose)


def announce_lists(case: Case, policy: Policy) -> tuple[MailingList, ...]:
    """Give the lists that are owed an announcement of this case: some only where others were told beforehand."""
    told = _told(case)
    return tuple(
        one
        for one in lists_for_announcements(policy)
        if not one.if_told or any(address_key(each) in told for each in one.if_told)
    )


def _told(case: Case) -> frozenset[str]:
    """Give everybody who was written to, or recorded as told."""
    parties = [one.address for one in case.work.parties if one.told]
    written = [address for mail in case.mails if mail.direction != "in" for address in mail.to]
    sent = [address for one in case.replies for address in one.got]
    return frozenset(map(address_key, (*parties, *written, *sent)))


def seen_on(work: Work) -> frozenset[str]:
    """Give the lists of which it is known that the public has it: the copy came, or a person recorded the link."""
    linked = [one.list for one in work.announced if one.url]
    return frozenset(map(address_key, (*linked, *(one.list for one in work.seen))))


def claims(work: Work) -> tuple[AnnouncementUnproved, ...]:
    """Give the mails that look like an announcement and prove nothing, on lists that are not known to have sent one out."""
    known = seen_on(work)
    return tuple(one for one in work.unproved if address_key(one.list) not in known)


def has_announcement(work: Work, address: str) -> bool:
    """Say whether a list has its announcement, seen or not."""
    return address_key(address) in announced_on(work)


def announced_on(work: Work) -> frozenset[str]:
    """Give the lists that have their announcement."""
    return frozenset(map(address_key, (*(one.list for one in work.announced), *(one.list for one in work.seen))))


def archive_url(mailing: MailingList, mail: MessageId) -> str:
    """Give where the list's archive shows a mail; empty where that cannot be computed (Pipermail numbers its pages)."""
    if not mailing.archive:
        return ""
    # Mailman 3: the Message-ID without its brackets, SHA-1, base 32 (RFC 5064's Archived-At as HyperKitty writes it).
    digest = base64.b32encode(hashlib.sha1(mail.encode("utf-8", "surrogateescape"), usedforsecurity=False).digest()).decode()
    return mailing.archive.replace("{message_id}", quote(mail, safe="@")).replace("{hash}", digest)
