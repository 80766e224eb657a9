"""What the demo's team did: every body parses, names what exists, follows its policy; and every state occurs."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from seccon.adapters.demo import DemoPlace, Event, apply_history, apply_team, history
from seccon.adapters.demo.age import age, moment
from seccon.adapters.demo.content import find_source, read_content
from seccon.adapters.shipped import policy_named
from seccon.core.case import Case, fold
from seccon.core.errors import ConfigError, LedgerError
from seccon.core.ids import TEAM_FILE, MessageId
from seccon.core.instants import Instant
from seccon.core.journal import Body, Entry, body_from_json
from seccon.core.journal.cases import Assessed, CaseAccepted, CaseClaimed, CaseClosed, CaseOpened, Outcome, ReportLinked
from seccon.core.journal.embargoes import EmbargoSet
from seccon.core.journal.entry import body_to_json
from seccon.core.journal.replies import KeyPinned
from seccon.core.limits import check as check_limits
from seccon.core.report import Correspondent
from seccon.core.severity import check as check_rating

NOW = datetime(2026, 11, 21, 19, 13, tzinfo=UTC)
PREFIX = {"qemu": "Q", "libvirt": "LV"}
POLICIES = {"qemu": "qemu@2020-12", "libvirt": "libvirt@2013-06"}


def paper_place() -> DemoPlace:
    """A place with every name in it and no file: the history needs no more."""
    content = read_content(find_source())
    keys = {key: f"{number:040X}" for number, key in enumerate(content.people, 1)}
    nowhere = Path("/nowhere")
    return DemoPlace(
        directory=nowhere, mail=nowhere, notmuch_config=nowhere, config=nowhere, ledger="", gpg_home=nowhere,
        others_home=nowhere, outbox=nowhere, login="alice", source=content.source,
        keys=keys,  # type: ignore[arg-type]
        logins={person.key: person.login for person in content.people.values() if person.login},
        threads={thread.key: thread.mail_id(thread.letters[0]) for thread in content.threads},
        projects={thread.key: thread.project for thread in content.threads},
        mails={f"{thread.key}/{one.id}": thread.mail_id(one) for thread in content.threads for one in thread.letters},
    )  # fmt: skip


PLACE = paper_place()
EVENTS = history(NOW, PLACE)


class PaperLedger:
    """The few methods of a ledger that the history uses, on lists; intake has opened one case for each thread."""

    def __init__(self, place: DemoPlace) -> None:
        self.files: dict[int, list[Entry]] = {TEAM_FILE: []}
        self.number: dict[MessageId, int] = {}
        self.by, self.at = "seccon", NOW - timedelta(days=100)
        self.serials: dict[tuple[str, int], int] = {}
        for number, (thread, mail) in enumerate(place.threads.items(), 1):
            self.files[number], self.number[mail] = [], number
            opened = CaseOpened(project=place.projects[thread])
            self.append(number, 0, POLICIES[place.projects[thread]], opened, ReportLinked(report=mail, reporter=Correspondent()))

    @contextmanager
    def writing(self, by: str, at: Instant) -> Iterator["PaperLedger"]:
        self.by, self.at = by, at
        yield self

    def cases_of(self, mail: MessageId) -> tuple[int, ...]:
        return (self.number[mail],) if mail in self.number else ()

    def entries(self, case: int, person: str = "") -> tuple[Entry, ...]:
        return tuple(self.files[case])

    def append(self, case: int, after: int, policy: str, *bodies: Body) -> tuple[Entry, ...]:
        assert after == len(self.files[case])
        for body in bodies:
            self.files[case].append(Entry(case, len(self.files[case]) + 1, self.at, self.by, policy, body))
        return ()

    def next_serial(self, project: str, year: int) -> int:
        self.serials[project, year] = self.serials.get((project, year), 0) + 1
        return self.serials[project, year]

    def case(self, thread: str) -> Case:
        return fold(self.files[self.number[PLACE.threads[thread]]])


@pytest.fixture(scope="module")
def ledger() -> PaperLedger:
    made = PaperLedger(PLACE)
    assert apply_history(made, PLACE, NOW, POLICIES) == len(EVENTS)  # type: ignore[arg-type]
    return made


def bodies(kind: type[Body]) -> list[Event]:
    return [event for event in EVENTS if isinstance(event.body, kind)]


def test_every_body_reads_back_as_it_was_written() -> None:
    for event in EVENTS:
        kind = str(event.body.__struct_config__.tag)
        assert body_from_json(kind, body_to_json(event.body)) == event.body


def test_nothing_was_done_before_its_mail_came_or_after_now() -> None:
    content = read_content(find_source())
    came = {thread.key: NOW - age(thread.letters[0].at) for thread in content.threads}
    for event in EVENTS:
        assert event.at < NOW
        if event.thread:
            assert event.at > came[event.thread], event


def test_a_proof_is_older_than_what_it_proves() -> None:
    content = read_content(find_source())
    written = {thread.mail_id(one): NOW - age(one.at) for thread in content.threads for one in thread.letters}
    proofs = [(event, getattr(event.body, "proof", None) or getattr(event.body, "mail", None)) for event in EVENTS]
    assert sum(proof is not None for _, proof in proofs) >= 8
    for event, proof in proofs:
        if proof is not None:
            assert written[proof] <= event.at, event


def test_every_outcome_occurs() -> None:
    assert {event.body.outcome for event in bodies(CaseClosed)} == set(get_args(Outcome))  # type: ignore[attr-defined]


def test_every_state_of_an_embargo_occurs(ledger: PaperLedger) -> None:
    found = {ledger.case(thread).embargo.state for thread in PLACE.threads}
    assert found == {"none", "proposed", "active", "revised", "ended"}


def test_cases_are_accepted_with_ids_of_both_projects_each_once() -> None:
    ids = [event.body.id for event in bodies(CaseAccepted)]  # type: ignore[attr-defined]
    assert len(ids) == len(set(ids)) >= 10
    assert "Q-2026-031" in ids
    assert {one.split("-")[0] for one in ids} == {"Q", "LV"}


def test_several_people_own_cases_and_whoever_runs_the_demo_is_one_of_them() -> None:
    owners = {event.body.owner for event in bodies(CaseClaimed)}  # type: ignore[attr-defined]
    assert len(owners) >= 4
    assert PLACE.logins["alice"] in owners


def test_embargoes_end_as_the_calendar_is_to_show_them(ledger: PaperLedger) -> None:
    active = {thread: ledger.case(thread).embargo.until for thread in PLACE.threads if ledger.case(thread).embargo.active}
    left = {thread: until - NOW for thread, until in active.items() if until}
    assert left["e1000e-loop"] == timedelta(hours=22)
    assert timedelta(days=3) < left["vhost-user-uaf"] < timedelta(days=5)
    assert left["lsi-uaf"] < timedelta(0)
    assert active["nvme-ctx"] != active["9pfs-symlink"]
    assert active["nvme-ctx"].date() == active["9pfs-symlink"].date()  # type: ignore[union-attr]
    assert [window.change for window in ledger.case("virtlogd-path").embargo.windows] == ["initial", "restart"]


def test_some_reports_are_new_and_belong_to_nobody(ledger: PaperLedger) -> None:
    new = [thread for thread in PLACE.threads if not (ledger.case(thread).closed or ledger.case(thread).id)]
    assert {"virtio-net-heap", "fresh-report", "hostile", "japanese-report"} <= set(new)
    assert not ledger.case("virtio-net-heap").owner


def test_the_duplicate_names_the_case_it_repeats(ledger: PaperLedger) -> None:
    closed = ledger.case("ati-vga-twin").closed
    assert closed is not None
    assert closed.other == ledger.number[PLACE.threads["ati-vga-oob"]]


def test_the_ratings_are_what_the_policy_suggests_or_say_why_not() -> None:
    """T2: the suggestion in the data is the one that the shipped policy makes of the answers."""
    for event in bodies(Assessed):
        policy = policy_named(POLICIES[PLACE.projects[event.thread]])
        asked = {one.id for one in policy.severity.consideration}
        assert set(event.body.answers) <= asked, event.thread  # type: ignore[attr-defined]
        checked = check_rating(policy, event.body)  # type: ignore[arg-type]
        assert checked.suggested == event.body.suggested, (event.thread, checked)  # type: ignore[attr-defined]


@pytest.mark.parametrize("hour", [0, 7, 12, 23])
def test_embargoes_keep_to_the_limits_or_say_why_not_at_any_hour(hour: int) -> None:
    """E2: at whatever time of day the demo is made, each date was one that the desk would have taken."""
    now = NOW.replace(hour=hour)
    made = PaperLedger(PLACE)
    for event in history(now, PLACE):
        if isinstance(event.body, EmbargoSet):
            case, body = made.case(event.thread), event.body
            policy = policy_named(POLICIES[PLACE.projects[event.thread]])
            assert set(check_limits(case, policy, body.until, body.change, body.why, event.at)) <= {"two-weeks"}, event
        number = made.number[event.mail] if event.mail else TEAM_FILE
        made.by, made.at = event.by, event.at
        made.append(number, len(made.files[number]), "", event.body)


def test_keys_are_pinned_in_the_teams_file_and_the_unpinned_one_is_not(ledger: PaperLedger) -> None:
    pinned = {
        entry.body.address: entry.body.fingerprint for entry in ledger.files[TEAM_FILE] if isinstance(entry.body, KeyPinned)
    }
    assert pinned["mltsai@research.example.net"] == PLACE.keys["mei"]
    assert "viktor@halloran.example" not in pinned
    assert PLACE.keys["mallory"] not in pinned.values()


def test_the_teams_file_can_be_made_before_the_intake_and_is_made_once() -> None:
    made = PaperLedger(PLACE)
    first = apply_team(made, PLACE, NOW)  # type: ignore[arg-type]
    assert first == len(made.files[TEAM_FILE]) >= 8
    assert apply_history(made, PLACE, NOW, POLICIES) == len(EVENTS) - first  # type: ignore[arg-type]
    assert len(made.files[TEAM_FILE]) == first


def test_without_intake_the_history_is_refused() -> None:
    empty = PaperLedger(PLACE)
    empty.number.clear()
    with pytest.raises(LedgerError, match="No case holds"):
        apply_history(empty, PLACE, NOW, POLICIES)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "entry",
    [
        '[[on.spam]]\nat = "1 day"\nby = "nobody"\nkind = "note-added"\ntext = "x"\n',
        '[[on.no-such-thread]]\nat = "1 day"\nby = "bob"\nkind = "note-added"\ntext = "x"\n',
        '[[on.spam]]\nat = "1 day"\nby = "bob"\nkind = "note-added"\ntext = "x"\ncolour = "red"\n',
        '[[on.spam]]\nat = "1 day"\nby = "bob"\nkind = "note-dropped"\ntext = "x"\n',
        '[[on.spam]]\nat = "yesterday"\nby = "bob"\nkind = "note-added"\ntext = "x"\n',
        '[[on.spam]]\nat = "1 day"\nby = "bob"\nkind = "embargo-agreed"\nproposal = "p1"\nparty = "x"\nproof = "mail:none"\n',
    ],
)
def test_a_wrong_entry_is_named(entry: str, tmp_path: Path) -> None:
    (tmp_path / "history.toml").write_text(entry)
    with pytest.raises(ConfigError, match=r"history\.toml"):
        history(NOW, msgspec.structs.replace(PLACE, source=tmp_path))


def test_ages_and_moments_are_read_and_others_refused() -> None:
    assert age("3 days 4 hours") == timedelta(days=3, hours=4)
    assert moment("now+1 weeks @15:00", NOW) == datetime(2026, 11, 28, 15, 0, tzinfo=UTC)
    assert moment("now-2 days", NOW) == NOW - timedelta(days=2)
    for wrong in ("", "3", "3 days ago", "later"):
        with pytest.raises(ValueError, match="is not an age"):
            age(wrong)
    with pytest.raises(ValueError, match="is not a moment"):
        moment("tomorrow", NOW)


def test_the_next_case_that_is_accepted_gets_the_id_after_those_of_the_history(ledger: PaperLedger) -> None:
    given: dict[str, int] = {}
    for event in bodies(CaseAccepted):
        prefix, _, serial = event.body.id.rpartition("-")  # type: ignore[attr-defined]
        given[prefix] = max(given.get(prefix, 0), int(serial))
    assert {f"{PREFIX[project]}-{year}": last for (project, year), last in ledger.serials.items()} == given
