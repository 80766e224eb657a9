"""`seccon calendar` and `seccon due --mail`: what others read of it, and that none of it is a mail's (features, E5 E8)."""

import email
import email.policy
import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest

from seccon import wiring
from seccon.core.ids import CaseId
from seccon.core.instants import Instant
from seccon.core.journal import Body
from seccon.core.journal.cases import CaseAccepted
from seccon.core.journal.embargoes import EmbargoEnded, EmbargoSet
from seccon.desk.calendar import WriteFeed
from seccon.desk.guard import Guard
from seccon.desk.office import Office
from seccon.screens.tend import Tender
from seccon.settings import load
from tests.cli.conftest import Place
from tests.mailroom import letter

NOW = wiring.clock()
SECRETS = ("sdhci", "overflow", "frobnicator", "Jane", "Ravi", "r.example", "reporter.example")
"""Words of the subjects, names and addresses in the mail store."""


def office_of(place: Place) -> Office:
    return wiring.office(load(str(place.config)))


def put(place: Place, case: int, *bodies: Body) -> None:
    office = office_of(place)
    try:
        with office.ledger.writing("alice", NOW) as book:
            entries = book.entries(case)
            book.append(case, entries[-1].seq, entries[-1].policy, *bodies)
    finally:
        wiring.close(office)


def embargo(until: Instant) -> EmbargoSet:
    return EmbargoSet(proposal="p1", until=until, change="initial")


@pytest.fixture
def busy(place: Place) -> Place:
    """Two open reports: one under embargo for twenty days, one that was never answered; and one that came today."""
    place.room.deliver(letter(message_id="new@r.example", date=NOW, subject="overflow in sdhci, again"))
    place.room.new()
    place.run("sync")
    put(place, 1, CaseAccepted(id=CaseId("Q-2026-001")), embargo(NOW + timedelta(days=20)))
    return place


def due_of(place: Place, *words: str) -> list[dict[str, Any]]:
    done = place.run("due", "--no-sync", "--json", *words)
    found: list[dict[str, Any]] = json.loads(done.stdout)["due"]
    return found


def events(data: bytes | str) -> list[icalendar.Event]:
    read = icalendar.Calendar.from_ical(data)
    assert not read.errors
    return list(read.walk("VEVENT"))


def test_a_calendar_library_reads_the_file_back_whole(busy: Place, tmp_path: Path) -> None:
    """E5: an event for each open clock and each embargo in force."""
    file = tmp_path / "team.ics"
    assert busy.run("calendar", "--no-sync", "--ics", str(file)).exit_code == 0
    found = events(file.read_bytes())
    office = office_of(busy)
    open_ = office.ledger.dates(datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC))
    wiring.close(office)
    assert len(found) == len(open_) >= 3
    assert sorted(one.decoded("dtstart") for one in found) == [one.due for one in open_]
    assert len({str(one["uid"]) for one in found}) == len(found)
    (bar,) = [one for one in found if "embargo" in str(one["uid"])]
    assert str(bar["summary"]) == "Q-2026-001 embargo ends"
    assert bar.decoded("dtstart") == NOW + timedelta(days=20)
    assert [alarm.decoded("trigger") for alarm in bar.walk("VALARM")] == [-timedelta(days=3), -timedelta(days=1)]
    assert "Embargo" in bar.categories
    assert all(abs(one.decoded("dtstamp") - wiring.clock()) < timedelta(minutes=2) for one in found)


def test_the_file_keeps_to_the_line_rules_of_rfc_5545(busy: Place, tmp_path: Path) -> None:
    busy.run("calendar", "--no-sync", "--ics", str(tmp_path / "a.ics"))
    data = (tmp_path / "a.ics").read_bytes()
    assert data.endswith(b"END:VCALENDAR\r\n")
    lines = data[:-2].split(b"\r\n")
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)
    begun = [line.partition(b":")[2] for line in lines if line.startswith(b"BEGIN:")]
    assert sorted(begun) == sorted(line.partition(b":")[2] for line in lines if line.startswith(b"END:"))


def test_only_its_owner_can_read_the_file_and_nothing_is_left_beside_it(busy: Place, tmp_path: Path) -> None:
    file = tmp_path / "a.ics"
    file.write_text("old")
    file.chmod(0o644)
    busy.run("calendar", "--no-sync", "--ics", str(file))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["a.ics"]


def test_a_file_that_cannot_be_written_is_told_and_the_old_one_stays(busy: Place, tmp_path: Path) -> None:
    (tmp_path / "a.ics").mkdir()
    done = busy.run("calendar", "--no-sync", "--ics", str(tmp_path / "a.ics"))
    assert done.exit_code == 2
    assert "cannot be written" in done.stderr
    assert (tmp_path / "a.ics").is_dir()
    assert len(list(tmp_path.iterdir())) == 1


def test_the_same_event_has_the_same_id_after_the_date_moved(busy: Place) -> None:
    before = {str(one["uid"]): one for one in events(busy.run("calendar", "--no-sync", "--ics", "-").stdout)}
    put(busy, 1, EmbargoSet(proposal="p2", until=NOW + timedelta(days=9), change="shortening"))
    after = {str(one["uid"]): one for one in events(busy.run("calendar", "--no-sync", "--ics", "-").stdout)}
    assert set(before) == set(after)
    name = next(uid for uid in after if "embargo" in uid)
    assert after[name].decoded("dtstart") == NOW + timedelta(days=9)
    assert int(after[name]["sequence"]) > int(before[name]["sequence"])
    assert after[name].decoded("last-modified") >= before[name].decoded("last-modified")


def test_what_is_over_leaves_the_calendar(busy: Place) -> None:
    put(busy, 1, EmbargoEnded(reason="public", why="posted"))
    assert not [one for one in events(busy.run("calendar", "--no-sync", "--ics", "-").stdout) if "embargo" in str(one["uid"])]


def test_a_stretch_of_days_holds_what_is_due_in_it(busy: Place) -> None:
    day = (NOW + timedelta(days=20)).date()
    (one,) = events(busy.run("calendar", "--no-sync", "--from", str(day), "--to", str(day), "--ics", "-").stdout)
    assert "embargo" in str(one["uid"])
    listed = json.loads(busy.run("calendar", "--no-sync", "--from", str(day), "--to", str(day), "--json").stdout)
    assert [(each["case"], each["title"]) for each in listed["due"]] == [("Q-2026-001", "embargo ends")]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--from", "tomorrow"), "--from: 'tomorrow' is not a day"),
        (("--from", "2026-02-01", "--to", "2026-01-31"), "--to lies before --from"),
    ],
)
def test_days_that_make_no_sense_are_told(place: Place, words: tuple[str, ...], said: str) -> None:
    done = place.run("calendar", "--no-sync", *words)
    assert done.exit_code == 2
    assert said in done.stderr


def test_the_agenda_tells_utc_and_the_viewers_zone(busy: Place) -> None:
    """E4: the zone is the one of the environment."""
    env = {"TZ": "Asia/Tokyo"}
    text = busy.start("calendar", "--no-sync", env=env, capture_output=True).stdout.decode()
    until = NOW + timedelta(days=20)
    local = until + timedelta(hours=9)
    (line,) = [one for one in text.splitlines() if "embargo ends" in one]
    assert f"{until:%Y-%m-%d %H:%M}Z" in line
    assert f"({local:%a %H:%M} JST)" in line


def test_nothing_of_a_mail_leaves_by_feed_agenda_list_or_reminder(busy: Place, tmp_path: Path) -> None:
    """E5: ids, never titles; here all the ways out at once."""
    busy.run("due", "--no-sync", "--mail", "cron@example.org")
    (mailed,) = (busy.room.home / "outbox" / "new").iterdir()
    ways = {
        "feed": busy.run("calendar", "--no-sync", "--ics", "-").stdout,
        "agenda": busy.run("calendar", "--no-sync").stdout,
        "agenda.json": busy.run("calendar", "--no-sync", "--json").stdout,
        "due": busy.run("due", "--no-sync").stdout,
        "due.json": busy.run("due", "--no-sync", "--json").stdout,
        "mail": mailed.read_text(),
    }
    listed = busy.run("list", "--no-sync").stdout
    for secret in ("sdhci", "overflow", "Jane"):
        assert secret in listed
    for way, text in ways.items():
        assert "#2" in text or "case-2-" in text, way
        for secret in SECRETS:
            assert secret not in text, (way, secret)


def test_a_reminder_is_a_plain_mail_from_our_address(busy: Place) -> None:
    """E8: by mail. Nobody's vacation notice answers it."""
    done = busy.run("due", "--no-sync", "--mail", "cron@example.org")
    assert done.exit_code == 2  # the old report is overdue
    assert done.stdout == ""
    (path,) = (busy.room.home / "outbox" / "new").iterdir()
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert mail["From"] == "team@example.org"
    assert mail["To"] == "cron@example.org"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Subject"].startswith("seccon: ")
    text = mail.get_content()
    assert all(one["case"] in text for one in due_of(busy))


def test_no_mail_where_nothing_is_due(place: Place) -> None:
    assert place.run("due", "--no-sync", "--mail", "cron@example.org").exit_code == 0
    assert not (place.room.home / "outbox").exists()


@pytest.mark.parametrize(
    "words", [("--mail", "a@b\nBcc: c@d"), ("--mail", "x"), ("--mail", "a@b.example", "--from", "z@z.example")]
)
def test_addresses_that_are_none_are_refused_and_nothing_leaves(busy: Place, words: tuple[str, ...]) -> None:
    assert busy.run("due", "--no-sync", *words).exit_code in (2, 3)
    assert not (busy.room.home / "outbox").exists()


def test_what_the_policy_warns_of_is_due_however_short_one_looks(busy: Place) -> None:
    """E8: reminders at the policy's distances."""
    put(busy, 1, EmbargoSet(proposal="p2", until=NOW + timedelta(days=2), change="shortening"))
    assert ("Q-2026-001", "embargo ends") in [(one["case"], one["title"]) for one in due_of(busy, "--within", "1h")]
    put(busy, 1, EmbargoSet(proposal="p3", until=NOW + timedelta(days=4), change="extension"))
    assert "embargo ends" not in [one["title"] for one in due_of(busy, "--within", "1h")]


def feed_of(place: Place) -> Path:
    feed = place.room.home / "feed.ics"
    place.config.write_text(place.config.read_text() + f'\n[calendar]\nfeed = "{feed}"\ndomain = "team.example"\n')
    return feed


def test_sync_keeps_the_private_feed(busy: Place) -> None:
    feed = feed_of(busy)
    assert busy.run("sync").exit_code == 0
    assert stat.S_IMODE(feed.stat().st_mode) == 0o600
    assert all(str(one["uid"]).endswith("@team.example") for one in events(feed.read_bytes()))


def test_the_console_writes_the_feed_when_the_ledger_moved_and_only_then(busy: Place) -> None:
    feed = feed_of(busy)
    office = office_of(busy)
    try:
        tender = Tender(office, Guard(office))
        assert tender.look() == ()
        before = len(events(feed.read_bytes()))
        feed.unlink()
        assert tender.look() == ()
        assert not feed.exists()
        put(busy, 2, embargo(NOW + timedelta(days=5)))
        assert tender.look() == ()
        assert len(events(feed.read_bytes())) == before + 1
        assert WriteFeed().perform(office)
    finally:
        wiring.close(office)


def test_unknown_countries_are_a_problem_of_the_policy_in_words(place: Place) -> None:
    """`policy list` goes on with the others and says which file, which key."""
    own = place.room.home / "xdg" / "seccon" / "policies"
    own.mkdir(parents=True)
    (own / "qemu.toml").write_text('extends = "generic"\nname = "qemu"\nholidays = ["XX"]\n')
    done = place.run("policy", "list")
    assert done.exit_code == 2
    assert "holidays[1]: 'XX' is no country" in done.stderr
    assert place.run("doctor").exit_code == 2
