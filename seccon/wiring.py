"""The only place that names adapters: settings in, the office out. Also the only owner of a clock.

What the first screen does not need is made when it is first used: GnuPG, the mail parser, the courier cost start time.
"""

import os
import pwd
import threading
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from seccon.adapters.ledger import Ledger
from seccon.adapters.shipped import all_policies, policies_of, policy_named
from seccon.adapters.weaknesses import Weaknesses
from seccon.core.errors import SecconError
from seccon.core.instants import Instant, instant
from seccon.core.team import Project
from seccon.desk.office import Office
from seccon.settings import Settings

if TYPE_CHECKING:
    from seccon.core.agenda import Almanac, DaysOff
    from seccon.core.board import Projection
    from seccon.core.health import Examined
    from seccon.core.journal import Entry
    from seccon.core.policy import Policy
    from seccon.core.ports import Projector
    from seccon.core.postroom import Postroom
    from seccon.core.repository import Patches, Repositories
    from seccon.core.workplace import Editor, Files

__all__ = ["all_policies", "bare_reader", "clock", "close", "days_off", "demo", "examine_host", "login", "office", "policy_named"]


def clock() -> Instant:
    """Tell the time."""
    return instant(datetime.now(UTC))


def login() -> str:
    """Name the operating system's user; a uid without a name stands for itself."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return f"uid{os.geteuid()}"


class Late:
    """Stands for an adapter until its first use, and then is it; made once, whichever thread comes first."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make
        self._made: Any = None
        self._lock = threading.Lock()

    def __getattr__(self, name: str) -> Any:
        with self._lock:
            if self._made is None:
                self._made = self._make()
        return getattr(self._made, name)

    def close_if_made(self) -> None:
        """Close what was made; what was never used is not made for that."""
        if self._made is not None and hasattr(self._made, "close"):
            self._made.close()


def private_directory() -> Path:
    """Give the person's own directory for state, 0700; never made here."""
    state = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(state) / "seccon"


def ledger_url(settings: Settings) -> str:
    """Give where the ledger is: as configured, else in the person's own data directory."""
    if settings.ledger.url:
        return settings.ledger.url
    data = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return f"sqlite:///{Path(data) / 'seccon' / 'ledger.db'}"


def office(settings: Settings, now: Callable[[], Instant] = clock) -> Office:
    """Build the office that a configuration describes. Raises ConfigError, LedgerError."""
    projects = tuple(_resolved(project) for project in settings.project_list)
    policies = policies_of({project.policy for project in settings.project_list})
    holidays = _holidays(policies)
    home = str(Path(settings.gpg.home).expanduser()) if settings.gpg.home else None
    keyring = Late(lambda: _keyring(home))
    return Office(
        ledger=Ledger(ledger_url(settings), _projector(policies, holidays), settings.ledger.group or None),
        store=Late(lambda: _store(settings)),
        reader=Late(lambda: _reader(home, keyring)),
        cipher=(cipher := Late(lambda: _cipher(home))),
        postroom=cast("Postroom", Late(lambda: _postroom(cipher, settings))),
        keyring=keyring,
        courier=Late(lambda: _courier(settings, secrets)),
        secrets=(secrets := Late(lambda: _secrets(settings))),
        clock=now,
        person=login(),
        roster=settings.roster,
        projects=projects,
        policies=policies,
        identities=settings.identities,
        sent=settings.store.sent or None,
        private=str(private_directory()),
        files=cast("Files", Late(_files)),
        weaknesses=Weaknesses(),
        editor=cast("Editor", Late(_editor)),
        holidays=holidays,
        almanac=cast("Almanac", Late(_almanac)),
        feed=settings.calendar.feed,
        calendar_domain=settings.calendar.domain,
        repositories=cast("Repositories", Late(lambda: _repositories(settings))) if settings.repositories else None,
        patches=cast("Patches", Late(_patches)),
        smtp_login=settings.courier.secret,
        cve=Late(lambda: _cve(settings)) if settings.cve.secret else None,
        passphrases=Late(_passphrases) if settings.gpg.keep == "passphrase" else None,
    )


def _projector(policies: "Mapping[str, Policy]", holidays: "Mapping[str, DaysOff]") -> "Projector":
    """Give what folds a case for the lists; it is made with the first entry that is written."""
    made: list[Projector] = []

    def project(case: int, entries: "Sequence[Entry]") -> "Projection":
        from seccon.core.projection import projector

        if not made:
            made.append(projector(policies, holidays))
        return made[0](case, entries)

    return project


def _resolved(project: Project) -> Project:
    """Put the key of the policy (NAME@REVISION) where the configuration may have a bare name or a path."""
    policy = policy_named(project.policy)
    return Project(project.name, policy.key, project.reports or policy.intake.reports, project.prefix)


def _holidays(policies: "Mapping[str, Policy]") -> "Mapping[str, DaysOff]":
    """Give the holidays by which each policy counts; where none names a country, nothing is loaded for it."""
    if not any(policy.holidays for policy in policies.values()):
        return {}
    from seccon.adapters.holidays import holidays_of

    return holidays_of(policies)


def days_off(policy: "Policy") -> "Container[date]":
    """Give the holidays by which one policy counts."""
    return _holidays({policy.key: policy}).get(policy.key, ())


def _almanac() -> Any:
    from seccon.adapters.icalendar import ICalendar

    return ICalendar()


def _store(settings: Settings) -> Any:
    from seccon.adapters.store.client import NotmuchStore

    return NotmuchStore(str(Path(settings.store.path).expanduser()))


def _keyring(home: str | None) -> Any:
    from seccon.adapters.keyring import GpgKeyring

    return GpgKeyring(home)


def _reader(home: str | None, keyring: Any) -> Any:
    from seccon.adapters.reader import Reader

    return Reader(home, keyring)


def _cipher(home: str | None) -> Any:
    from seccon.adapters.gpg.cipher import GpgCipher

    return GpgCipher(home)


def _secrets(settings: Settings) -> Any:
    from seccon.adapters.secrets import KeyringSecrets

    return KeyringSecrets(settings.courier.password_command)


def _passphrases() -> Any:
    from seccon.adapters.secrets import KeyringSecrets

    return KeyringSecrets(server=False)


def _cve(settings: Settings) -> Any:
    from seccon.adapters.cve_services import CveServices
    from seccon.adapters.secrets import KeyringSecrets

    table = settings.cve
    secrets = KeyringSecrets(table.password_command, table="cve")
    return CveServices(table.user, table.org, secrets, table.secret, environment=table.environment, url=table.url)


def _postroom(cipher: Any, settings: Settings) -> Any:
    from seccon.adapters.postroom import postroom_of

    sent = settings.store.sent
    return postroom_of(cipher, str(Path(sent).expanduser()) if sent else None, str(private_directory()), settings.store.index)


def _repositories(settings: Settings) -> Any:
    from seccon.adapters.git import GitRepositories

    return GitRepositories(settings.repositories)


def _patches() -> Any:
    from seccon.adapters.git_patch import GitPatches

    return GitPatches()


def _files() -> Any:
    from seccon.adapters.own_file import OwnFiles

    return OwnFiles(private_directory())


def _editor() -> Any:
    from seccon.adapters.editor import OwnEditor

    return OwnEditor(private_directory())


def _courier(settings: Settings, secrets: Any) -> Any:
    from seccon.adapters.couriers import courier_of

    return courier_of(settings.courier, secrets)


def close(office: Office) -> None:
    """Let go of every adapter that was used."""
    for port in (office.store, office.reader, office.cipher, office.keyring, office.courier, office.secrets):
        if isinstance(port, Late):
            port.close_if_made()
    office.ledger.close()


def bare_reader() -> Any:
    """Make a mail reader on gpg's own home, for a mail that is read without any configuration."""
    return _reader(None, _keyring(None))


def examine_host(settings: Settings, office: Office) -> "tuple[Examined, ...]":
    """Examine what lies behind the adapters: programs, directories, the terminal."""
    from seccon.adapters import host

    try:
        indexed: int | None = office.store.count("*")
    except SecconError:
        indexed = None
    home = Path(settings.gpg.home).expanduser() if settings.gpg.home else None
    return tuple(host.examine_host(Path(settings.store.path).expanduser(), home, indexed))


def _furnish(place: Any) -> None:
    """Give a new demo its ledger: pins first, since intake judges signatures by them."""
    from seccon.adapters import demo as demos
    from seccon.desk.sync import Sync
    from seccon.settings import load

    now = clock()
    room = office(load(str(place.config)))
    try:
        demos.apply_team(room.ledger, place, now)
        Sync(as_of_arrival=True).perform(room)
        demos.apply_history(room.ledger, place, now, {project.name: project.policy for project in room.projects})
    finally:
        close(room)


@contextmanager
def demo(directory: Path, progress: Callable[[str, int, int], None]) -> Iterator[Any]:
    """Make the demo in `directory`, or find the one that is there; its agents end with the block."""
    from seccon.adapters import demo as demos

    place = demos.reopen(directory)
    found = place is not None
    if place is None:
        place = demos.build(directory, clock(), progress)
    try:
        if not found:
            _furnish(place)
        yield place
    finally:
        place.close()
