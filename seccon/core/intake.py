"""Intake decides what the journal says of mail that came in: which file it belongs to, and what follows from it.

Pure: given files of mails and the cases as they stand, `plan_intake` gives the entries to write, one mail after the other by
arrival, each seen against the state that the entries before it lead to. So it does not matter in how many portions mail
comes, and what was taken in once adds nothing. It reads no file and writes nothing.

A mail is its Message-ID together with the digest of its file. Thread ids are hints that change; nothing here keeps one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from seccon.core.arrival import (
    Arrival,
    Rules,
    acknowledgement,
    arrived_at,
    held_author,
    is_another_matter,
    is_stranger,
    mail_body,
    post_held,
    same_mail,
)
from seccon.core.author import author
from seccon.core.case import Case, step
from seccon.core.ids import MessageId, address_key
from seccon.core.instants import Instant
from seccon.core.journal import Body, Entry
from seccon.core.journal.cases import CaseOpened, CaseReopened, MailArrived, MailConflict, ReporterSet, ReportLinked
from seccon.core.journal.work import PostReleased
from seccon.core.moderation import HeldPost
from seccon.core.party_thread import party_of, root
from seccon.core.report import Heading

Home = tuple[int, MessageId]
"""Where a mail stands: case and report."""


class Known(msgspec.Struct, frozen=True):
    """What the ledger knows of the mails that `wanted` names: the cases in which they stand; number -> state."""

    cases: Mapping[int, Case] = {}


class Filing(msgspec.Struct, frozen=True):
    """Entries for one file, in order: `case` None opens a new one."""

    case: int | None
    bodies: tuple[Body, ...]


def wanted(arrivals: Iterable[Arrival]) -> frozenset[MessageId]:
    """Name the mails whose cases must be known to decide about these."""
    return frozenset(name for one in arrivals for name in (one.name, *_named(one.heading), *one.mates, *_held_names(one)))


def _named(heading: Heading) -> tuple[MessageId, ...]:
    """Give the mails that one answers or refers to, the nearest first."""
    return (*heading.in_reply_to, *reversed(heading.references))


def _held_names(arrival: Arrival) -> tuple[MessageId, ...]:
    held = arrival.held
    return (held.mail, *(_named(held.heading) if held.heading else ())) if held else ()


def plan_intake(arrivals: Sequence[Arrival], known: Known, rules: Rules) -> tuple[Filing, ...]:
    """Decide what to write for these files, whatever their order; each case has one filing, by its first mail here."""
    plan = _Plan(arrivals, known, rules)
    for arrival in sorted(arrivals, key=plan.order):
        plan.take(arrival)
    return plan.filings()


class _Plan:
    """The cases as they will stand, and what led there. New files have negative numbers until they are written."""

    def __init__(self, arrivals: Sequence[Arrival], known: Known, rules: Rules) -> None:
        self.rules = rules
        self.cases = dict(known.cases)
        self.opened = 0
        self.bodies: dict[int, list[Body]] = {}
        self.newest: dict[int, Instant] = {}
        self.homes: dict[MessageId, tuple[Home, ...]] = {}
        self.threads: dict[str, list[MessageId]] = {}
        self.files: dict[MessageId, list[Arrival]] = {}
        self.moved: set[MessageId] = set()  # threads of parties whose cases were merged into others
        self.answered: set[MessageId] = set()  # before they came in: a colleague's reply can be the faster one
        for arrival in arrivals:
            self.files.setdefault(arrival.name, []).append(arrival)
            self.threads.setdefault(arrival.mail.thread, []).append(arrival.name)
        for case in known.cases.values():
            for mail, report in _stands(case):
                self._settle(self._where(case, report), mail, report)

    def order(self, arrival: Arrival) -> tuple[Instant, bool]:
        """By arrival; of copies that came at once, the one whose From is the author's own speaks for the mail."""
        return arrived_at(arrival.heading, self.rules), author(arrival.heading, self.rules.lists).claimed

    def filings(self) -> tuple[Filing, ...]:
        """Give what is to be written."""
        return tuple(
            Filing(case if case > 0 else None, tuple(self._quieted(case, body) for body in bodies))
            for case, bodies in self.bodies.items()
        )

    def take(self, arrival: Arrival) -> None:
        """Decide about one file."""
        homes = self.homes.get(arrival.name, ())
        if arrival.held is not None and not homes:
            self._hold(arrival, arrival.held)
            return
        present = [case for case, _report in homes if any(one.mail == arrival.name for one in self.cases[case].mails)]
        for case in present:
            self._another_file(case, arrival)
        if not present:
            for case, report in homes or self._nearest(arrival) or (self._open(arrival),):
                self._file(case, report, arrival)

    def _nearest(self, arrival: Arrival) -> tuple[Home, ...]:
        """Find where it belongs: with the mail it answers, the nearest it refers to, or one that shares its thread."""
        heading, thread = arrival.heading, arrival.mail.thread
        mates = (*arrival.mates, *(self.threads.get(thread, ()) if thread else ()))
        names = (*_named(heading), *mates)
        return next((self.homes[name] for name in names if name in self.homes), ())

    def _open(self, arrival: Arrival) -> Home:
        self.opened += 1
        self.cases[-self.opened] = Case()
        self._write(-self.opened, CaseOpened(project=self.rules.project))
        self._link(-self.opened, arrival)
        return -self.opened, arrival.name

    def _hold(self, arrival: Arrival, held: HeldPost) -> None:
        """File a list's notice with the post that it is about, which has not come; that post is the report, not the notice."""
        for case, report in self.homes.get(held.mail) or self._talked_of(held) or (self._open_held(arrival, held),):
            came = any(one.mail == held.mail for one in self.cases[case].mails)
            if not came:
                self._reopen(case, f"A list holds a post of {held.sender.address or 'an unknown sender'} back.")
            body = mail_body(arrival, self.cases[case], report, self.rules)
            self._write(case, msgspec.structs.replace(body, automatic=True, joined=False))
            if held.mail in self.cases[case].work.held:
                continue
            self._write(case, post_held(arrival, held))
            self._settle(case, held.mail, report)
            if came:
                self._write(case, PostReleased(mail=held.mail))

    def _talked_of(self, held: HeldPost) -> tuple[Home, ...]:
        """Find the thread that a held post answers; a stranger's References draw it into nobody's."""
        homes = next((self.homes[name] for name in (_named(held.heading) if held.heading else ()) if name in self.homes), ())
        by = held_author(held, self.rules.lists)
        return tuple(home for home in homes if not is_stranger(by, self.cases[home[0]], self.rules))

    def _open_held(self, arrival: Arrival, held: HeldPost) -> Home:
        self.opened += 1
        self.cases[-self.opened] = Case()
        self._write(-self.opened, CaseOpened(project=self.rules.project))
        arrived = arrived_at(arrival.heading, self.rules)
        if held.heading is not None and held.heading.arrived is not None:
            arrived = min(arrived, held.heading.arrived)
        by = held_author(held, self.rules.lists)
        self._write(-self.opened, ReportLinked(report=held.mail, reporter=by, subject=held.subject, arrived=arrived))
        return -self.opened, held.mail

    def _released(self, case: int, arrival: Arrival) -> None:
        """The list's copy of a post that was held: what it says of its author counts more than what the notice said."""
        work, report = self.cases[case].work, self.cases[case].report(arrival.name)
        before = work.released.get(arrival.name)
        if before is None or before.discarded:
            self._write(case, PostReleased(mail=arrival.name))
        by = author(arrival.heading, self.rules.lists)
        if report is None or (by.claimed and address_key(by.address) == address_key(report.reporter.address)):
            return
        if by != report.reporter and by.address:
            self._write(case, ReporterSet(report=report.id, reporter=by, evidence="The list's copy of the post that was held."))

    def _link(self, case: int, arrival: Arrival, why: str = "") -> None:
        by, arrived = author(arrival.heading, self.rules.lists), arrived_at(arrival.heading, self.rules)
        self._write(
            case, ReportLinked(report=arrival.name, reporter=by, subject=arrival.heading.subject, arrived=arrived, why=why)
        )  # fmt: skip

    def _file(self, case: int, report: MessageId, arrival: Arrival) -> None:
        body = mail_body(arrival, self.cases[case], report, self.rules, answered=arrival.name in self.answered)
        held = arrival.name in self.cases[case].work.held
        if held and arrival.name == report:
            body = msgspec.structs.replace(body, joined=False)
        if body.joined and arrival.mail.matched and is_another_matter(body, self.cases[case]):
            # A stranger's References must not hide a report in another's: it is owed an answer of its own.
            self._link(case, arrival, "It joined the thread by its References alone, and its subject is another.")
            body = msgspec.structs.replace(body, report=arrival.name, party="")
        if body.direction == "in" and not body.automatic:
            self._reopen(case, f"New mail came from {body.sender.address or 'an unknown sender'}.")
        if body.direction != "in":
            self.answered.update(arrival.heading.in_reply_to)
        self._write(case, body)
        if held:
            self._released(case, arrival)
        self._name_reporter(case, body)
        if len(arrival.heading.sender) == 1:
            self._acknowledge(case, body, arrival.heading.date)

    def _name_reporter(self, case: int, body: MailArrived) -> None:
        """Where a colleague's mail opened the thread, the first from outside who takes part is the reporter."""
        report = self.cases[case].report(body.report)
        first = next((one for one in self.cases[case].mails if one.mail == body.report), None)
        if report is None or first is None or report.acknowledged:
            return
        if first.sender != report.reporter or not self.rules.is_ours(report.reporter, first.arrived):
            return
        if body.from_reporter and not body.automatic:
            self._write(
                case, ReporterSet(report=report.id, reporter=body.sender, evidence="The first mail from outside the team.")
            )  # fmt: skip
            for mail in self.cases[case].mails:
                if mail.report == report.id:
                    self._acknowledge(case, mail, None)

    def _acknowledge(self, case: int, mail: MailArrived, date: Instant | None) -> None:
        found = acknowledgement(self.cases[case], mail, self.rules, date)
        if found:
            self._write(case, found)

    def _another_file(self, case: int, arrival: Arrival) -> None:
        """A second file under a known Message-ID: a copy, quietly, or another mail that hides behind the first (I11)."""
        mine = [one for one in self.cases[case].mails if one.mail == arrival.name]
        digests = tuple(one.digest for one in mine)
        if arrival.heading.digest in digests:
            return
        peers = [one for one in self.files[arrival.name] if one.heading.digest in digests]
        if any(same_mail(arrival, one, self.rules.lists) for one in peers):
            self._prefer_direct(case, arrival)
            return
        self._reopen(case, "Another mail came under a Message-ID that is known.")
        self._write(case, mail_body(arrival, self.cases[case], mine[0].report, self.rules))
        self._write(case, MailConflict(mail=arrival.name, digests=(*digests, arrival.heading.digest)))

    def _prefer_direct(self, case: int, arrival: Arrival) -> None:
        by, report = author(arrival.heading, self.rules.lists), self.cases[case].report(arrival.name)
        if (
            report
            and report.reporter.claimed
            and not by.claimed
            and address_key(by.address) == address_key(report.reporter.address)
        ):
            self._write(case, ReporterSet(report=report.id, reporter=by, evidence="The copy that came without the list."))

    def _reopen(self, case: int, why: str) -> None:
        if self.cases[case].closed:
            self._write(case, CaseReopened(why=why))

    def _write(self, case: int, body: Body) -> None:
        before = self.cases[case]
        self.bodies.setdefault(case, []).append(body)
        self.cases[case] = step(before, Entry(case, before.seq + 1, self.rules.now, "seccon", self.rules.policy, body))
        if isinstance(body, MailArrived):
            self.newest[case] = max(filter(None, (self.newest.get(case), body.arrived or self.rules.now)))
            self._settle(case, body.mail, body.report)

    def _where(self, case: Case, report: MessageId) -> int:
        """Name the case in which a thread goes on: a party's goes along into the one that its case was merged into."""
        while party_of(case, report) and case.merged_into in self.cases:
            self.moved.add(report)
            case = self.cases[case.merged_into]
        return case.number

    def _settle(self, case: int, mail: MessageId, report: MessageId) -> None:
        """Remember where a mail stands: once in a case, with a report that the case still has."""
        homes = self.homes.get(mail, ())
        there = self.cases[case].report(report) or party_of(self.cases[case], report) or report in self.moved
        if there and case not in [number for number, _report in homes]:
            self.homes[mail] = (*homes, (case, report))

    def _quieted(self, case: int, body: Body) -> Body:
        limit = self.rules.quiet_before
        old = limit is not None and case in self.newest and self.newest[case] < limit
        return msgspec.structs.replace(body, quiet=True) if old and isinstance(body, CaseOpened) else body


def _stands(case: Case) -> Iterator[tuple[MessageId, MessageId]]:
    """Give the mails of a case and those that left from it, each with its report."""
    yield from ((mail.mail, mail.report) for mail in case.mails)
    notices = {mail.mail: mail.report for mail in case.mails}
    for name, post in case.work.held.items():
        if case.report(name) or post.notice in notices:
            yield name, name if case.report(name) else notices[post.notice]
    for reply in case.replies:
        thread = root(case, reply.queued.party) if reply.queued.party else None
        if thread is not None:
            yield reply.queued.mail, thread
            continue
        for report in reply.queued.reports or tuple(one.id for one in case.reports[:1]):
            yield reply.queued.mail, report
