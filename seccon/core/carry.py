"""What goes along when a report moves from one case to another: what is its reporter's alone, and what others were promised.

Pure: two states in, entries out (features, I3). Judgements stay where they were made; a person makes them anew.
"""

from collections.abc import Iterable, Iterator

import msgspec

from seccon.core.case import Case, Report
from seccon.core.embargo import Embargo
from seccon.core.ids import MessageId
from seccon.core.instants import Instant
from seccon.core.journal.body import Body
from seccon.core.journal.cases import CreditSet, PublicityFlagged, ReportLinked
from seccon.core.journal.embargoes import EmbargoCommunicated, EmbargoProposed, EmbargoSet, EmbargoTakenBack
from seccon.core.journal.parties import PartyInvited, PartyRemoved
from seccon.core.journal.work import Archived, CveWithdrawn
from seccon.core.party import Party


def counted(bodies: Iterable[Body]) -> tuple[Body, ...]:
    """Let the first entry of a joining say how many there are, so that it can be taken back exactly."""
    all_ = tuple(bodies)
    if all_ and isinstance(all_[0], ReportLinked):
        return (msgspec.structs.replace(all_[0], along=len(all_)), *all_[1:])
    return all_


def report_along(source: Case, report: Report, target: Case | None, why: str) -> Iterator[Body]:
    """Give the entries by which another case has this report as it is: mails, acknowledgement, credit, wish, permissions."""
    yield ReportLinked(
        report=report.id,
        reporter=report.reporter,
        subject=report.subject,
        arrived=report.arrived,
        from_case=source.number,
        why=why,
    )
    mails = [mail for mail in source.mails if mail.report == report.id]
    there = {(mail.mail, mail.digest) for mail in target.mails} if target else set()
    yield from (msgspec.structs.replace(mail, carried=True) for mail in mails if (mail.mail, mail.digest) not in there)
    names = {report.id, *(mail.mail for mail in mails)}
    yield from (conflict for conflict in source.conflicts if conflict.mail in names)
    if report.acknowledged:
        yield report.acknowledged
    if report.credit is not None:
        yield CreditSet(report=report.id, credit=report.credit, evidence=f"as in case {source.label}")
    if report.told:
        yield EmbargoCommunicated(report=report.id, until=report.told, evidence=f"told of case {source.label}")
    yield from _work_along(source, report.id, names)


def _work_along(source: Case, report: MessageId, names: set[MessageId]) -> Iterator[Body]:
    work = source.work
    if report in work.wishes:
        yield work.wishes[report]
    yield from (tick for (of, _item), tick in work.ticks.items() if of == report)
    yield from (one for one in work.permissions if one.report == report)
    if report in work.archived:
        yield Archived(report=report, evidence=f"as in case {source.label}")
    for name, post in work.held.items():
        if name in names or post.notice in names:
            yield post
            if name in work.released:
                yield work.released[name]


def embargo_along(source: Case, target: Case | None, why: str) -> Iterator[Body]:
    """Give the entries that bring an embargo along: what was promised to a reporter holds in the other case too.

    Of two dates the earlier is in force, and the later is on the table (CERT/CC Vultron: the shorter holds first).
    """
    theirs, ours = source.embargo, target.embargo if target else Embargo()
    if not theirs.active or theirs.until is None or (ours.active and ours.until == theirs.until):
        return
    name = ours.next_name
    yield EmbargoProposed(proposal=name, party="team", until=theirs.until, zone=theirs.zone, why=why)
    if not ours.active or ours.until is None:
        for place, window in enumerate(theirs.windows):
            yield EmbargoSet(
                proposal=name,
                until=window.until,
                change="restart" if place else "initial",
                zone=theirs.zone,
                why=why,
                opened=window.start,
                overrides=theirs.overrides,
            )
    elif theirs.until < ours.until:
        yield EmbargoSet(proposal=name, until=theirs.until, change="shortening", zone=theirs.zone, why=why)
        later = f"p{int(name[1:]) + 1}"
        yield EmbargoProposed(proposal=later, party="team", until=ours.until, zone=ours.zone, why=f"the date before: {why}")


def results_along(source: Case, target: Case, now: Instant) -> Iterator[Body]:
    """Give the entries that bring along what binds the other case too: who knows, the CVE id, that it is public."""
    work = source.work
    for party in work.parties:
        if target.work.party(party.address) is None:
            yield from _party_along(party)
    there = {(mail.mail, mail.digest) for mail in target.mails}
    theirs = [mail for mail in source.mails if mail.party and (mail.mail, mail.digest) not in there]
    yield from (msgspec.structs.replace(mail, carried=True) for mail in theirs)
    yield from (one for one in work.staff if one not in target.work.staff)
    if work.cves and target.work.cve is None:
        yield work.cves[-1]
        if work.cves[-1].cve in work.published:
            yield work.published[work.cves[-1].cve]
    public, exploited = source.public or target.public, source.exploited or target.exploited
    if (public, exploited) != (target.public, target.exploited):
        yield PublicityFlagged(public=public, exploited=exploited, evidence=f"as in case {source.label}")


def _party_along(party: Party) -> Iterator[Body]:
    """What they know, they know. The patches of the other case are not this one's: they hold none of its versions."""
    yield PartyInvited(party=party.address, name=party.name, role=party.role, agrees=party.agrees)
    yield from (msgspec.structs.replace(told, when=told.when or party.told_at, patch=0) for told in party.told)
    if party.answered:
        yield party.answered


def taken_back(before: Case, made: Case, now: Case, why: str) -> Iterator[Body]:
    """Give the entries that undo `embargo_along` and `results_along`, but for what people have changed since.

    `before` is the case without them, `made` as they left it, `now` as it is.
    """
    for party in made.work.parties:
        if before.work.party(party.address) is None and now.work.party(party.address) is not None:
            yield PartyRemoved(party=party.address, why=why)
    if made.work.cve and before.work.cve is None and now.work.cve == made.work.cve:
        yield CveWithdrawn(cve=made.work.cve, why=why)
    flags = [(one.public, one.exploited) for one in (before, made, now)]
    if flags[0] != flags[1] == flags[2]:
        yield PublicityFlagged(public=before.public, exploited=before.exploited, evidence=why)
    if made.embargo != before.embargo and now.embargo == made.embargo:
        yield from _embargo_back(before.embargo, now.embargo, why)


def _embargo_back(old: Embargo, new: Embargo, why: str) -> Iterator[Body]:
    if not old.active:
        yield EmbargoTakenBack(why=why)
    elif old.until is not None and new.until != old.until:
        yield EmbargoSet(proposal=new.next_name, until=old.until, change="extension", zone=old.zone, why=why)
