"""Makes a demo out of its data: keys, then mail, then the index, then the configuration.

All but keys and dates is the same each time.
"""

import os
import pwd
from collections.abc import Callable
from pathlib import Path

import msgspec

from seccon.adapters.demo.content import Content, find_source, read_content
from seccon.adapters.demo.gpg import Homes
from seccon.adapters.demo.place import DemoPlace
from seccon.core.errors import ConfigError, SecconError
from seccon.core.instants import Instant

Progress = Callable[[str, int, int], None]
"""What is being done, how many steps are done, how many there are."""

ME = "me"
"""The login, in the data, of whoever runs the demo."""


def _silent(text: str, done: int, total: int) -> None:
    """Tell nobody."""


def build(
    directory: Path,
    now: Instant,
    progress: Progress = _silent,
    *,
    login: str = "",
    source: Path | None = None,
) -> DemoPlace:
    """Make a demo in `directory`, which must be empty or not exist. `login` is who will run it, by default the system's user.

    Raises SecconError; then the agents are ended and nothing is left outside `directory`.
    """
    content = read_content(source or find_source())
    directory = _private(directory)
    homes = Homes(directory)
    place = _place(directory, homes, content, login or pwd.getpwuid(os.getuid()).pw_name)
    try:
        return _fill(place, homes, content, now, progress)
    except (SecconError, OSError, KeyboardInterrupt):
        place.close()
        raise


def _fill(place: DemoPlace, homes: Homes, content: Content, now: Instant, progress: Progress) -> DemoPlace:
    from seccon.adapters.demo.clones import make_clones
    from seccon.adapters.demo.letter import Postman
    from seccon.adapters.demo.maildir import file_mail, index_mail, make_maildir
    from seccon.adapters.demo.setting import write_config, write_notmuch_config

    total = sum(len(thread.letters) for thread in content.threads) + 2
    progress("Making keys", 0, total)
    homes.generate(content.people.values(), now)
    postman = Postman(content, homes, now)
    place = msgspec.structs.replace(place, keys=homes.keys, mails=postman.ids)
    place.mail.mkdir(mode=0o700)
    for folder in (*content.projects, "Sent"):
        make_maildir(place.mail / folder)
    done = 1
    for thread in content.threads:
        for letter in range(len(thread.letters)):
            progress("Writing mail", done, total)
            file_mail(place.mail / thread.project, postman.post(thread, letter))
            done += 1
    homes.revoke(content.people.values())
    progress("Indexing mail", done, total)
    write_notmuch_config(place, next(one for one in content.people.values() if one.login == ME))
    index_mail(place.environment())
    make_maildir(place.outbox)
    place = msgspec.structs.replace(place, clones=make_clones(content.source, place.directory))
    write_config(place, content)
    place.remember()
    progress("Ready", total, total)
    return place


def _place(directory: Path, homes: Homes, content: Content, login: str) -> DemoPlace:
    ledger = directory / "ledger"
    ledger.mkdir(mode=0o700)
    return DemoPlace(
        directory=directory,
        mail=directory / "mail",
        notmuch_config=directory / "notmuch-config",
        config=directory / "config.toml",
        ledger=f"sqlite:///{ledger / 'ledger.db'}",
        gpg_home=homes.team,
        others_home=homes.others,
        outbox=directory / "outbox",
        login=login,
        logins=_logins(content, login),
        threads={thread.key: thread.mail_id(thread.letters[0]) for thread in content.threads},
        projects={thread.key: thread.project for thread in content.threads},
        borrowed=tuple(homes.borrowed),
        source=content.source,
    )


def _logins(content: Content, login: str) -> dict[str, str]:
    """Give each member's login; a colleague who has the same one as the demo's user gets another."""
    logins = {person.key: person.login for person in content.people.values() if person.login}
    return {
        key: login if given == ME else f"{given}-demo" if given == login else given for key, given in logins.items()
    }  # fmt: skip


def _private(directory: Path) -> Path:
    directory = directory.absolute()
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(directory.iterdir()):
            raise ConfigError(f"{directory} is not empty.", "Name a directory for the demo that does not exist yet.")
        directory.chmod(0o700)
    except OSError as error:
        raise ConfigError(f"The demo cannot be made in {directory}: {error.strerror}.") from None
    return directory
