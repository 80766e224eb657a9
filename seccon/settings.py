"""What the configuration may say, and reading it: all its problems at once, with file, key, nearest right word.

A person's file stands over the host's. Nothing here opens anything that the configuration names.
"""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec

from seccon.core.errors import ConfigError
from seccon.core.ids import Fingerprint, address_key, fingerprint
from seccon.core.notmuch_query import faults_of
from seccon.core.problems import Problem, ProblemsError
from seccon.core.shape import read
from seccon.core.team import Identity, Member, Project, Roster
from seccon.core.toml import table

HOST_FILE = Path("/etc/seccon/config.toml")
_ADDRESS = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+")


class UnconfiguredError(ConfigError):
    """There is no configuration at all."""


class ProjectTable(msgspec.Struct, frozen=True):
    """`[projects.NAME]`."""

    policy: str
    reports: str = ""
    prefix: str = ""


class IdentityTable(msgspec.Struct, frozen=True):
    """`[[identity]]`: who replies come from."""

    address: str
    name: str = ""
    sign_key: Fingerprint | None = None


class MemberTable(msgspec.Struct, frozen=True):
    """`[[member]]`: a person on the roster."""

    name: str
    address: tuple[str, ...]
    login: str = ""
    key: Fingerprint | None = None
    company: str = ""
    role: str = ""


class StoreTable(msgspec.Struct, frozen=True):
    """`[store]`: the notmuch database."""

    path: str
    reports: str = ""
    sent: str = ""
    index: tuple[str, ...] = ()
    """Command that indexes a sent copy once it is filed."""


class LedgerTable(msgspec.Struct, frozen=True):
    """`[ledger]`: the journal."""

    url: str = ""
    group: str = ""


class GpgTable(msgspec.Struct, frozen=True):
    """`[gpg]`: which keyring, and where a typed passphrase is kept."""

    home: str = ""
    keep: Literal["nothing", "passphrase"] = "nothing"
    """`passphrase`: a safe keyring keeps what was typed once."""


class CourierTable(msgspec.Struct, frozen=True):
    """`[courier]`: how mail leaves."""

    kind: Literal["sendmail", "smtp", "maildir"] = "sendmail"
    command: tuple[str, ...] = ("/usr/sbin/sendmail", "-t", "-i")
    host: str = "localhost"
    port: int = 0
    security: Literal["tls", "starttls", "none"] = "starttls"
    user: str = ""
    password_command: tuple[str, ...] = ()
    path: str = ""

    @property
    def secret(self) -> str:
        """The name under which the server's password is kept; empty where it wants none."""
        return f"smtp:{self.user}@{self.host}" if self.kind == "smtp" and self.user else ""


class CveTable(msgspec.Struct, frozen=True):
    """`[cve]`: a CNA's credentials at CVE Services."""

    user: str = ""
    org: str = ""
    """The CNA's short name there."""
    environment: Literal["prod", "test", "dev"] = "prod"
    url: str = ""
    """Another server that speaks the same interface."""
    password_command: tuple[str, ...] = ()

    @property
    def secret(self) -> str:
        """The name under which the API key is kept; empty where there are no credentials."""
        return f"cve:{self.user}@{self.org}" if self.user and self.org else ""


class CalendarTable(msgspec.Struct, frozen=True):
    """`[calendar]`: what other programs are given of it."""

    feed: str = ""
    """A file (iCalendar, 0600) that is kept up to date; empty: none."""
    domain: str = ""
    """What the ids of its events end with."""


class ConsoleTable(msgspec.Struct, frozen=True):
    """`[console]`: the full-screen program."""

    hide_after: int = 15
    """Minutes without a key after which the screen is covered; 0: never."""


class Settings(msgspec.Struct, frozen=True):
    """The whole configuration."""

    store: StoreTable
    policy: str = ""
    projects: dict[str, ProjectTable] = msgspec.field(default_factory=dict)
    identity: tuple[IdentityTable, ...] = ()
    member: tuple[MemberTable, ...] = ()
    ledger: LedgerTable = LedgerTable()
    gpg: GpgTable = GpgTable()
    courier: CourierTable = CourierTable()
    calendar: CalendarTable = CalendarTable()
    cve: CveTable = CveTable()
    console: ConsoleTable = ConsoleTable()
    repositories: dict[str, str] = msgspec.field(default_factory=dict)

    @property
    def project_list(self) -> tuple[Project, ...]:
        """Give the projects; `policy` alone is shorthand for one that is named like its policy."""
        if not self.projects:
            return (Project(project_name(self.policy), self.policy, self.store.reports),)
        return tuple(
            Project(name, table.policy, table.reports or (self.store.reports if len(self.projects) == 1 else ""), table.prefix)
            for name, table in self.projects.items()
        )

    @property
    def identities(self) -> tuple[Identity, ...]:
        """Give the addresses we write from."""
        return tuple(Identity(one.address, one.name, one.sign_key) for one in self.identity)

    @property
    def roster(self) -> Roster:
        """Give the roster."""
        return Roster(tuple(Member(one.name, one.address, one.login, one.key, one.company, one.role) for one in self.member))


def project_name(policy: str) -> str:
    """Name a project after its policy: `NAME@REVISION` and `/path/NAME.toml` both give NAME."""
    return Path(policy.split("@")[0]).stem


def config_files() -> tuple[Path, ...]:
    """Give the files that are read where none is named, the stronger one last."""
    home = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")  # noqa: PTH111 - a user without a home has none
    return HOST_FILE, Path(home) / "seccon" / "config.toml"


def load(named: str | None = None) -> Settings:
    """Read the configuration: the named file, or the one of SECCON_CONFIG, or host's and person's. Raises ConfigError."""
    named = named or os.environ.get("SECCON_CONFIG")
    if named:
        path = Path(named).expanduser()
        return settings_from(str(path), _parse(path))
    found = [path for path in config_files() if os.path.lexists(path)]
    if not found:
        raise UnconfiguredError(
            f"There is no configuration; looked for {' and '.join(map(str, config_files()))}.",
            "Write one (see README, 'Set up'), or try the demo: seccon demo",
        )
    merged: dict[str, Any] = {}
    for path in found:
        merged = _over(merged, _parse(path))
    return settings_from(" over ".join(str(path) for path in reversed(found)), merged)


def settings_from(file: str, given: Mapping[str, Any]) -> Settings:
    """Read settings out of a parsed file. Raises ProblemsError with everything that is wrong with it."""
    problems: list[Problem] = []
    settings = read(Settings, given, {Fingerprint: fingerprint}, problems)
    if settings is not None:
        problems += _cross_checks(settings)
    if problems or settings is None:
        raise ProblemsError(file, problems)
    return settings


def _cross_checks(settings: Settings) -> Iterator[Problem]:
    """Find what is wrong between keys that are right by themselves."""
    yield from _project_problems(settings)
    queries = {"store.reports": settings.store.reports}
    queries |= {f"projects.{name}.reports": table.reports for name, table in settings.projects.items()}
    yield from (Problem(key, fault) for key, query in queries.items() if query for fault in faults_of(query))
    if Path(settings.store.path).name == ".notmuch":
        yield Problem("store.path", "is notmuch's own directory; name the one that it lies in, where the mail is")
    if settings.courier.kind == "maildir" and not settings.courier.path:
        yield Problem("courier.path", "is missing: where the maildir courier writes")
    if settings.courier.kind == "sendmail" and not settings.courier.command:
        yield Problem("courier.command", "is empty: name the program that takes mail on its standard input")
    if not 0 <= settings.courier.port <= 65535:
        yield Problem("courier.port", f"{settings.courier.port} is not a port")
    for place, one in enumerate(settings.identity, 1):
        if not _ADDRESS.fullmatch(one.address):
            yield Problem(f"identity[{place}].address", f"'{one.address[:60]}' is not a mail address")
    yield from _member_problems(settings.member)
    yield from _cve_problems(settings.cve)


def _cve_problems(cve: CveTable) -> Iterator[Problem]:
    """The API key goes to this server with every request: in clear text only to this very host."""
    if bool(cve.user) != bool(cve.org):
        yield Problem("cve.org" if cve.user else "cve.user", "is missing: CVE Services want both the user and the org")
    here = re.match(r"http://(127\.0\.0\.1|\[::1\]|localhost)[:/]", f"{cve.url}/")
    if cve.url and not (cve.url.startswith("https://") or here):
        yield Problem("cve.url", f"'{cve.url[:60]}' is no https:// address; the API key would travel in clear text")


def _project_problems(settings: Settings) -> Iterator[Problem]:
    if not settings.projects and not settings.policy:
        yield Problem("policy", 'is missing; name the process that judges your reports, for example policy = "NAME@REVISION"')
    if settings.projects and settings.policy:
        yield Problem("policy", "is for one project; with [projects.NAME] each has its own: take this one away")
    if len(settings.projects) > 1 and settings.store.reports:
        yield Problem("store.reports", "is for one project; with several write reports under each [projects.NAME]")


def _member_problems(members: Sequence[MemberTable]) -> Iterator[Problem]:
    """An address or a login that two members have would let one stand for the other."""
    seen: dict[str, str] = {}
    for place, one in enumerate(members, 1):
        for address in one.address:
            if not _ADDRESS.fullmatch(address):
                yield Problem(f"member[{place}].address", f"'{address[:60]}' is not a mail address")
        for key, value in [("login", one.login), *(("address", address_key(address)) for address in one.address)]:
            other = seen.setdefault(f"{key} {value}", one.name) if value else one.name
            if other != one.name:
                yield Problem(f"member[{place}].{key}", f"'{value[:60]}' is {other}'s already")


def _parse(path: Path) -> dict[str, Any]:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise ConfigError(f"{path} does not exist.", "Name another file with --config.") from None
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be read: {error.strerror}.", "Look at it with ls -l, or name another with --config."
        ) from None
    return table(path, data)


def _over(weak: dict[str, Any], strong: dict[str, Any]) -> dict[str, Any]:
    """Lay one file over another: tables key by key, everything else whole."""
    merged = dict(weak)
    for key, value in strong.items():
        below = merged.get(key)
        merged[key] = _over(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return merged
