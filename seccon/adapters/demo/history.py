"""What the demo's team did before today: `history.toml` -> bodies of entries, and how they come into a ledger.

Bodies name things by their place in the data: `mail:LETTER` or `mail:THREAD/LETTER`, `key:PERSON`, `login:PERSON`,
`case:THREAD`, moments such as `now+22 hours`, and `{year}`.
"""

from collections.abc import Mapping
from itertools import groupby
from typing import Any

import msgspec

from seccon.adapters.demo.age import age, is_moment, moment
from seccon.adapters.demo.content import read_table
from seccon.adapters.demo.place import DemoPlace
from seccon.core.errors import ConfigError, LedgerError
from seccon.core.ids import TEAM_FILE, MessageId
from seccon.core.instants import Instant, to_text
from seccon.core.journal import Body, body_from_json
from seccon.core.journal.cases import CaseAccepted
from seccon.core.ports import Book, Ledger


class Event(msgspec.Struct, frozen=True):
    """One thing that somebody did."""

    thread: str
    """Empty: it belongs to no case, but to the team's file."""
    mail: MessageId | None
    """First mail of that thread: what its case is found by."""
    at: Instant
    by: str
    body: Body
    cases: Mapping[str, MessageId] = {}
    """Fields of the body that name another case, by the first mail of its thread; 0 stands in them until it is found."""


class _Reading(msgspec.Struct, frozen=True):
    """What the words of a body are looked up in."""

    place: DemoPlace
    now: Instant
    thread: str

    def value(self, given: Any) -> Any:
        """Give a value with every name in it replaced by what it stands for."""
        if isinstance(given, dict):
            return {key: self.value(item) for key, item in given.items()}
        if isinstance(given, list):
            return [self.value(item) for item in given]
        return self.text(given) if isinstance(given, str) else given

    def text(self, given: str) -> str:
        """Give what one text stands for."""
        if is_moment(given):
            return to_text(moment(given, self.now))
        word, _, name = given.partition(":")
        match word:
            case "mail":
                return self.place.mails[name if "/" in name else f"{self.thread}/{name}"]
            case "key":
                return self.place.keys[name]
            case "login":
                return self.place.logins[name]
        return given.replace("{year}", str(self.now.year))


def history(now: Instant, place: DemoPlace) -> tuple[Event, ...]:
    """Give everything that was done, oldest first. Raises ConfigError for a name that nothing bears, or a body of wrong form."""
    path = place.source / "history.toml"
    table = read_table(path)
    given = [("", entry) for entry in table.get("team", ())]
    given += [(thread, entry) for thread, entries in table.get("on", {}).items() for entry in entries]
    events = []
    for thread, entry in given:
        try:
            events.append(_event(_Reading(place, now, thread), entry))
        except (KeyError, ValueError, LedgerError) as error:
            raise ConfigError(
                f"{path}: an entry on '{thread or 'the team'}' is not as it should be: {error} in {entry}."
            ) from None
    return tuple(sorted(events, key=lambda event: event.at))


def _event(reading: _Reading, entry: Mapping[str, Any]) -> Event:
    place = reading.place
    fields = {key: value for key, value in entry.items() if key not in ("at", "by", "kind")}
    links = {key: str(value).removeprefix("case:") for key, value in fields.items() if str(value).startswith("case:")}
    plain = reading.value({**fields, **dict.fromkeys(links, 0)})
    body = body_from_json(entry["kind"], msgspec.json.encode(plain))
    unknown = plain.keys() - set(body.__struct_fields__)
    if unknown:
        raise ValueError(f"'{entry['kind']}' has no {', '.join(sorted(unknown))}")
    return Event(
        reading.thread,
        place.threads[reading.thread] if reading.thread else None,
        reading.now - age(entry["at"]),
        place.logins[entry["by"]],
        body,
        {key: place.threads[thread] for key, thread in links.items()},
    )


def apply_team(ledger: Ledger, place: DemoPlace, now: Instant) -> int:
    """Append the team's own file; give the number of entries.

    It comes before the intake, since pinned keys decide what a signature is worth.
    """
    return _apply(ledger, place, tuple(event for event in history(now, place) if not event.thread), {}, now)


def apply_history(ledger: Ledger, place: DemoPlace, now: Instant, policies: Mapping[str, str]) -> int:
    """Append the history to the cases that intake opened; give the number of entries. `policies`: project -> `NAME@REVISION`.

    The team's own file comes along where `apply_team` has not made it. Raises LedgerError when a thread has no case yet.
    """
    made = bool(ledger.entries(TEAM_FILE))
    return _apply(ledger, place, tuple(event for event in history(now, place) if event.thread or not made), policies, now)


def _apply(ledger: Ledger, place: DemoPlace, events: tuple[Event, ...], policies: Mapping[str, str], now: Instant) -> int:
    for (by, at), together in groupby(events, key=lambda event: (event.by, event.at)):
        with ledger.writing(by, at) as book:
            for event in together:
                _append(book, event, policies.get(place.projects.get(event.thread, ""), ""))
    _count(ledger, place, events, now)
    return len(events)


def _count(ledger: Ledger, place: DemoPlace, events: tuple[Event, ...], now: Instant) -> None:
    """Let the next case that is accepted get the id after all that the history gave."""
    last: dict[tuple[str, int], int] = {}
    for event in events:
        if isinstance(event.body, CaseAccepted):
            year, _, serial = event.body.id.rpartition("-")
            key = place.projects.get(event.thread, ""), int(year[-4:])
            last[key] = max(last.get(key, 0), int(serial))
    with ledger.writing("seccon", now) as book:
        for (project, number), highest in last.items():
            while book.next_serial(project, number) < highest:
                pass


def _append(book: Book, event: Event, policy: str) -> None:
    body = event.body
    if event.cases:
        body = msgspec.structs.replace(body, **{field: _case(book, mail) for field, mail in event.cases.items()})
    case = TEAM_FILE if event.mail is None else _case(book, event.mail)
    entries = book.entries(case)
    book.append(case, entries[-1].seq if entries else 0, policy, body)


def _case(book: Book, mail: MessageId) -> int:
    found = book.cases_of(mail)
    if not found:
        raise LedgerError(f"No case holds the demo's mail {mail}.", "Run the intake before the history.")
    return found[0]
