"""What `data/demo/` says, as values: people, threads of letters, attachments. Reads files; makes nothing."""

import hashlib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec

from seccon.adapters.shipped import data_directory
from seccon.core.errors import ConfigError
from seccon.core.ids import MessageId, message_id

T = TypeVar("T")
Protection = Literal["clear", "sign", "encrypt", "encrypt+sign"]
Holder = Literal["team", "others", ""]


class Person(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who writes or is written to. `holder` says in whose keyring the secret key lies; empty: no key at all."""

    key: str
    name: str
    address: tuple[str, ...]
    login: str = ""
    """A rostered member, by this login; `me` stands for whoever runs the demo."""
    company: str = ""
    role: str = ""
    holder: Holder = ""
    made: str = "400 days"
    lasts: str = ""
    """How long the key is valid from its making; empty: for ever."""
    revoked: bool = False
    known: bool = True
    """The public key is in the team's keyring."""
    identity: tuple[str, ...] = ()
    """Addresses that the console may write from, signing with this key."""

    def __str__(self) -> str:
        return f"{self.name} <{self.address[0]}>"


class Attached(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of `attachments/`, or the public key of a person."""

    file: str = ""
    type: str = "application/octet-stream"
    name: str = ""
    public_key: str = ""


class Letter(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One mail. `sender` and addressees are keys of people or whole addresses; no `to` means the project's list."""

    id: str
    at: str
    """How long before now it was written."""
    sender: str = msgspec.field(name="from", default="")
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    subject: str = ""
    body: str = ""
    html: str = ""
    attach: tuple[Attached, ...] = ()
    protect: Protection = "clear"
    sign: str = ""
    """Whose key signs, where it is not the sender's."""
    outer: str = ""
    """The subject on the envelope where the true one is protected."""
    charset: str = "utf-8"
    reply: str = ""
    """The letter that it answers: `id`, or `thread/id`. Empty: the one before it."""
    headers: Mapping[str, str] = msgspec.field(default_factory=dict)
    raw: str = ""
    """A file of `raw/`: the mail byte for byte, but for its placeholders."""
    message_id: str = ""
    """Needed with `raw`."""


class Thread(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thread of the store; `key` is its file's name."""

    key: str
    project: str
    letters: tuple[Letter, ...] = msgspec.field(name="letter")

    def mail_id(self, letter: Letter) -> MessageId:
        """Give a letter's Message-ID: the same in each demo."""
        if letter.message_id:
            return message_id(letter.message_id)
        word = hashlib.sha256(f"{self.key}/{letter.id}".encode()).hexdigest()
        host = letter.sender.rpartition("@")[2].rstrip(">") if "@" in letter.sender else "mail.example.org"
        return message_id(f"{word[:8]}-{word[8:12]}-{word[12:16]}-{word[16:26]}@{host}")


class ProjectFacts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A project of the demo's team: its list, its own role address, its policy."""

    name: str
    list: str
    list_name: str
    role: str
    """Key of the person that stands for the team's role address."""
    policy: str
    prefix: str
    reports: str


class Content(msgspec.Struct, frozen=True):
    """All of it."""

    source: Path
    projects: dict[str, ProjectFacts]
    people: dict[str, Person]
    threads: tuple[Thread, ...]


def find_source() -> Path:
    """Find `data/demo`. Raises ConfigError."""
    source = data_directory() / "demo"
    if not (source / "people.toml").is_file():
        raise ConfigError("The demo's data is not installed: there is no data/demo.", "Install seccon again.")
    return source


def read_content(source: Path) -> Content:
    """Read everything. Raises ConfigError with the file and the place in it."""
    people = _read(source / "people.toml", dict[str, list[Person]])["person"]
    projects = _read(source / "projects.toml", dict[str, list[ProjectFacts]])["project"]
    threads = tuple(
        _read(path, Thread, key=path.stem) for path in sorted((source / "threads").glob("*.toml"))
    )  # fmt: skip
    return Content(source, {one.name: one for one in projects}, {one.key: one for one in people}, threads)


def read_table(path: Path) -> dict[str, Any]:
    """Read a TOML file. Raises ConfigError."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"The demo's file {path} cannot be read: {error}.") from None


def _read(path: Path, shape: type[T], **more: str) -> T:
    try:
        return msgspec.convert({**read_table(path), **more}, shape)
    except msgspec.ValidationError as error:
        raise ConfigError(f"The demo's file {path} is not as it should be: {error}.") from None
