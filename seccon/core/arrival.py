"""One mail that came in, judged by itself: who wrote it, in what role, whether it acknowledges, whether it is a copy.

Pure. Which file it belongs to, and what is written, is `intake`'s.
"""

from collections.abc import Collection

import msgspec

from seccon.core.author import author, base_subject
from seccon.core.case import Case
from seccon.core.ids import MessageId, address_key
from seccon.core.instants import Instant
from seccon.core.journal.cases import Acknowledged, MailArrived
from seccon.core.journal.work import PostHeld
from seccon.core.likeness import Skeleton, same_body
from seccon.core.moderation import HeldPost
from seccon.core.party_thread import party_of
from seccon.core.report import Correspondent, Heading, StoredMail
from seccon.core.team import Roster

_COMPARED = 1 << 20
"""Bytes that a reader gives of a source unless asked for more: a difference could stand behind them."""


class Arrival(msgspec.Struct, frozen=True):
    """One file of a mail. Where a mail has several files, all of them arrive together, each with its `body`."""

    mail: StoredMail
    heading: Heading
    body: Skeleton | None = None
    """Needed only to compare with another file of the same Message-ID."""
    mates: tuple[MessageId, ...] = ()
    """The mails that stand in its thread now, oldest first."""
    held: HeldPost | None = None
    """It is a list's notice that this post is held for moderation."""

    @property
    def name(self) -> MessageId:
        """The Message-ID under which the store finds it again, which is not always what its header says."""
        return self.mail.message_id

    @property
    def told(self) -> tuple[str, ...]:
        """The addresses of To and Cc."""
        return tuple(one.address for one in (*self.heading.to, *self.heading.cc))


class Rules(msgspec.Struct, frozen=True):
    """What intake has to know of the team. Addresses are in comparable form (`address_key`)."""

    project: str
    policy: str
    now: Instant
    roster: Roster = Roster()
    own: frozenset[str] = frozenset()
    """The identities' addresses (`team.own_addresses`)."""
    lists: frozenset[str] = frozenset()
    """The project's list addresses."""
    quiet_before: Instant | None = None
    """A thread whose mails in this portion are all older is filed, and nothing is owed for it."""

    def is_ours(self, by: Correspondent, when: Instant | None = None) -> bool:
        """Say whether an author is one of our own addresses, or was a member when they wrote."""
        return address_key(by.address) in self.own or self.roster.by_address(by.address, when or self.now) is not None


def arrived_at(heading: Heading, rules: Rules) -> Instant:
    """Give the time that order and clocks go by."""
    return heading.arrived or heading.date or rules.now


def same_mail(one: Arrival, two: Arrival, lists: Collection[str] = ()) -> bool:
    """Say whether two files are copies of one mail, but for what a list changes: footer, From, subject tag, its headers."""
    if one.heading.digest == two.heading.digest:
        return True
    if one.body is None or two.body is None or max(one.heading.size, two.heading.size) > _COMPARED:
        return False
    by = [address_key(author(each.heading, lists).address) for each in (one, two)]
    subjects = [base_subject(each.heading.subject) for each in (one, two)]
    dates = [each.heading.date for each in (one, two)]
    return by[0] == by[1] and subjects[0] == subjects[1] and dates[0] == dates[1] and same_body(one.body, two.body)


def mail_body(arrival: Arrival, case: Case, report: MessageId, rules: Rules, *, answered: bool = False) -> MailArrived:
    """Say what the journal keeps of a mail that belongs to a report of `case`; `answered`: one of us had replied to it."""
    heading = arrival.heading
    by = author(heading, rules.lists)
    ours = len(heading.sender) == 1 and rules.is_ours(by, arrived_at(heading, rules))
    sent = any(reply.queued.mail == arrival.name for reply in case.replies)
    party, stranger = _standing(by, case, report, rules, ours=ours or sent)
    return MailArrived(
        mail=arrival.name,
        digest=heading.digest,
        report=report,
        sender=by,
        to=arrival.told,
        arrived=arrived_at(heading, rules),
        subject=heading.subject,
        direction="out" if sent else "team" if ours else "in",
        automatic=heading.automatic,
        encrypted=heading.encrypted,
        signed=heading.signed,
        joined=not (sent or ours or answered) and stranger,
        party=party,
    )


def _standing(by: Correspondent, case: Case, report: MessageId, rules: Rules, *, ours: bool) -> tuple[str, bool]:
    """Say whose party's mail it is, if it is one's, and whether its author took no part so far.

    On a party's own thread nobody but the party is at home; elsewhere a party's address makes it a party's mail, and never a
    reporter's. A From proves nothing: what such a mail says is recorded by a person, with what is proved of it.
    """
    key, thread = address_key(by.address), party_of(case, report)
    if thread:
        return thread, key != address_key(thread)
    party = case.work.party(by.address)
    if party is None or ours or key in {address_key(one.reporter.address) for one in case.reports}:
        return "", is_stranger(by, case, rules)
    return party.address, False


def held_author(held: HeldPost, lists: Collection[str] = ()) -> Correspondent:
    """Give the author of a post that a notice tells of: claimed, whatever stands in it."""
    by = author(held.heading, lists) if held.heading else Correspondent(held.sender.name, held.sender.address)
    return msgspec.structs.replace(by, claimed=True)


def post_held(arrival: Arrival, held: HeldPost) -> PostHeld:
    """Say what the journal keeps of a notice: never its cookie."""
    return PostHeld(mail=held.mail, notice=arrival.name, list=held.list, sender=held.sender.address, subject=held.subject)


def is_stranger(by: Correspondent, case: Case, rules: Rules) -> bool:
    """Say whether somebody neither wrote on the case nor was written to: what a stranger says draws nobody else in."""
    mails = [one for one in case.mails if not one.joined and not one.party]
    part = {address_key(address) for one in mails for address in (one.sender.address, *one.to)}
    part |= {address_key(one.reporter.address) for one in case.reports}
    return bool(mails) and address_key(by.address) not in part - rules.lists - rules.own


def is_another_matter(mail: MailArrived, case: Case) -> bool:
    """Say whether a mail's subject is none that the case has seen."""
    return base_subject(mail.subject) not in {base_subject(one.subject) for one in case.mails}


def acknowledgement(case: Case, mail: MailArrived, rules: Rules, date: Instant | None = None) -> Acknowledged | None:
    """Give the acknowledgement that a mail of the team is to its report's reporter, if it is the first (features, A2).

    `date` is the Date header's: it counts where it lies between the report's arrival and the mail's own, else the arrival.
    """
    report = case.report(mail.report)
    if report is None or report.acknowledged or mail.direction == "in" or mail.automatic or mail.sender.claimed:
        return None
    reporter, member = (
        address_key(report.reporter.address),
        rules.roster.by_address(mail.sender.address, mail.arrived or rules.now),
    )
    if not reporter or reporter not in map(address_key, mail.to):
        return None
    if reporter in map(address_key, member.addresses if member else (mail.sender.address,)):
        return None  # nobody acknowledges their own report
    arrived = mail.arrived or rules.now
    believable = date is not None and date <= arrived and (report.arrived is None or report.arrived <= date)
    return Acknowledged(
        report=report.id,
        member=member.name if member else mail.sender.address,
        when=date if date and believable else arrived,
        mail=mail.mail,
        signature="unverified" if mail.signed else "unsigned",
        evidence="" if member else "Sent from the team's own address; which person wrote it is not known.",
    )
