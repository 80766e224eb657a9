"""What public lists say of a case: the list's copy of an announcement, or a mail that tells what is under embargo (E9).

Pure: which words to look for, and what a mail that has them means. A forged announcement clears nothing: a mail is the
announcement where we sent it, or where a colleague's signature proves it; what its headers claim is shown, and a person decides.
"""

import re
from collections.abc import Collection, Iterable
from typing import Literal

import msgspec

from seccon.core.announcing import announce_lists, archive_url, has_announcement, lists_for_announcements, seen_on
from seccon.core.author import author, base_subject
from seccon.core.case import Case
from seccon.core.facts import is_public
from seccon.core.ids import MessageId, address_key
from seccon.core.instants import Instant
from seccon.core.journal import Body
from seccon.core.journal.disclosure import AnnouncementSeen, AnnouncementUnproved, LeakSuspected
from seccon.core.journal.replies import ReplyQueued
from seccon.core.journal.work import Announced
from seccon.core.letter import ANNOUNCEMENT
from seccon.core.policy import MailingList, Policy
from seccon.core.report import Heading
from seccon.core.team import Roster

Sign = Literal["cve", "case-id", "subject"]
_WORD = re.compile(r"\w+")
_TELLING = 3
"""Words of four letters or more that a subject needs to be looked for: `crash in daemon` is everybody's."""


class Watcher(msgspec.Struct, frozen=True):
    """Who is of the team. `own` are our identities' addresses, in comparable form."""

    roster: Roster
    own: frozenset[str]

    def is_ours(self, address: str, when: Instant) -> bool:
        """Say whether somebody of the team writes from it."""
        return address_key(address) in self.own or self.roster.by_address(address, when) is not None


def public_lists(policy: Policy) -> tuple[MailingList, ...]:
    """Give the lists that everybody reads."""
    return tuple(one for one in policy.list if one.public or "announce" in one.purpose)


def signs(case: Case) -> dict[Sign, tuple[str, ...]]:
    """Give the queries that find mails that tell of a case, by what they tell."""
    subjects = (_phrase(base_subject(one.subject)) for one in case.reports)
    return {
        "cve": tuple(f'"{one.cve}"' for one in case.work.cves),
        "case-id": (f'"{case.id}"',) if case.id and len(_WORD.findall(case.id)) > 1 else (),
        "subject": tuple(f'subject:"{one}"' for one in subjects if one),
    }


def _phrase(subject: str) -> str:
    """Give a subject as a phrase; nothing where it is too plain to be anybody's own."""
    words = _WORD.findall(subject)[:20]
    return " ".join(words) if sum(len(word) > 3 for word in words) >= _TELLING else ""


def mails_of_ours(case: Case) -> tuple[MessageId, ...]:
    """Give the announcements that are known by their ids."""
    sent = [one.queued.mail for one in case.replies if one.queued.purpose == ANNOUNCEMENT and one.state != "discarded"]
    return tuple(dict.fromkeys((*sent, *(one.mail for one in case.work.announced if one.mail))))


def query(cases: Iterable[Case], policy: Policy) -> str:
    """Write one query for all cases; empty where there is nothing to look for."""
    lists = " or ".join(f"to:{one.address}" for one in public_lists(policy))
    wanted = [one for case in cases for some in signs(case).values() for one in some]
    wanted += [by_id(name) for case in cases for name in mails_of_ours(case)]
    return f"({lists}) and ({' or '.join(dict.fromkeys(wanted))})" if lists and wanted else ""


def by_id(name: str) -> str:
    """Ask for one mail; quotes are doubled, as notmuch reads them."""
    return 'id:"{}"'.format(name.replace('"', '""'))


def meaning(
    mail: MessageId,
    headings: Collection[Heading],
    found: Sign | None,
    case: Case,
    policy: Policy,
    watcher: Watcher,
    now: Instant,
    proved: Collection[str] = (),
) -> tuple[Body, ...]:
    """Give what is to be written of a mail on a public list; `found` is what tells of the case, `now` stands for no date.

    `proved` are the digests of those files whose signature shows that they are by whom they say.
    """
    for heading in headings:
        when = heading.arrived or heading.date or now
        through = _through(mail, heading, policy)
        if through is None:
            continue
        if _may_be_told(case, when) and _is_announcement(mail, heading, through, case, watcher, when):
            if mail in mails_of_ours(case) or heading.digest in proved:
                return _seen(mail, through, case, when)
            return _unproved(mail, heading, through, case, when)
        if found and _is_secret(case) and mail not in case.work.leaks:
            sender = author(heading).address
            return (LeakSuspected(mail=mail, list=through.address, sign=found, sender=sender, when=when),)
    return ()


def _may_be_told(case: Case, when: Instant) -> bool:
    """On its date a colleague may have announced it before anybody recorded the release."""
    embargo = case.embargo
    return is_public(case) or (embargo.active and embargo.until is not None and embargo.until <= when)


def _is_secret(case: Case) -> bool:
    return case.embargo.state in ("proposed", "active", "revised") and not is_public(case) and case.closed is None


def _through(mail: MessageId, heading: Heading, policy: Policy) -> MailingList | None:
    """Find the list that a mail came through: its own word, else the only list that it is addressed to."""
    lists = {address_key(one.address): one for one in public_lists(policy)}
    if address_key(heading.list_post) in lists:
        return lists[address_key(heading.list_post)]
    named = [lists[key] for one in (*heading.to, *heading.cc) if (key := address_key(one.address)) in lists]
    return named[0] if named else None


def _is_announcement(
    mail: MessageId, heading: Heading, through: MailingList, case: Case, watcher: Watcher, when: Instant
) -> bool:
    """Say whether its headers say so: anybody can write them."""
    if "announce" not in through.purpose or heading.digest in _copies(case):
        return False  # the copy that we filed when it was sent proves nothing
    by = author(heading, [address_key(through.address)])
    if len(heading.sender) != 1 or not watcher.is_ours(by.address, when):
        return False
    if mail in mails_of_ours(case):
        return True
    passed = address_key(heading.list_post) == address_key(through.address)
    return passed and not by.claimed and any(_names(heading.subject, one.cve) for one in case.work.cves)


def _copies(case: Case) -> frozenset[str]:
    return frozenset(one.queued.digest for one in case.replies if _announces(one.queued))


def _announces(queued: ReplyQueued) -> bool:
    return queued.purpose == ANNOUNCEMENT and bool(queued.digest)


def _names(text: str, cve: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(cve)}(?![\w-])", text[:1000], re.IGNORECASE) is not None


def _seen(mail: MessageId, through: MailingList, case: Case, when: Instant) -> tuple[Body, ...]:
    if any(one.mail == mail and one.list == through.address for one in case.work.seen):
        return ()
    seen = AnnouncementSeen(list=through.address, mail=mail, when=when, url=archive_url(through, mail))
    known = has_announcement(case.work, through.address)
    return (seen,) if known else (Announced(list=through.address, mail=mail, url=seen.url), seen)


def _unproved(mail: MessageId, heading: Heading, through: MailingList, case: Case, when: Instant) -> tuple[Body, ...]:
    known = [(one.mail, one.list) for one in case.work.seen] + [(one.mail, one.list) for one in case.work.unproved]
    if (mail, through.address) in known:
        return ()
    sender, url = author(heading).address, archive_url(through, mail)
    return (AnnouncementUnproved(list=through.address, mail=mail, sender=sender, when=when, url=url),)


def awaited(case: Case, policy: Policy) -> tuple[MailingList, ...]:
    """Give the lists whose copy, or link, has not come."""
    known = seen_on(case.work)
    owed = announce_lists(case, policy) or lists_for_announcements(policy)
    return tuple(one for one in owed if address_key(one.address) not in known)
