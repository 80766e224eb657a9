"""The configuration files of a demo: seccon's and notmuch's."""

from collections.abc import Iterable
from pathlib import Path

from seccon.adapters.demo.content import Content, Person
from seccon.adapters.demo.place import DemoPlace


def quoted(value: object) -> str:
    """Write a TOML basic string."""
    out = []
    for sign in str(value):
        if sign in '"\\':
            out.append(f"\\{sign}")
        elif sign < " " or sign == "\x7f":
            out.append(f"\\u{ord(sign):04x}")
        else:
            out.append(sign)
    return f'"{"".join(out)}"'


def _table(head: str, pairs: Iterable[tuple[str, object]]) -> str:
    lines = [head]
    for key, value in pairs:
        if value in ("", (), None):
            continue
        shown = f"[{', '.join(map(quoted, value))}]" if isinstance(value, tuple) else quoted(value)
        lines.append(f"{key} = {shown}")
    return "\n".join(lines)


def write_config(place: DemoPlace, content: Content) -> None:
    """Write seccon's configuration (design, files and configuration)."""
    tables = ["# Written by `seccon demo`: everything it names lies in this directory."]
    for project in content.projects.values():
        pairs = [("policy", project.policy), ("reports", project.reports), ("prefix", project.prefix)]
        tables.append(_table(f"[projects.{project.name}]", pairs))
    people = content.people.values()
    tables += [_identity(place, person, address) for person in people for address in person.identity]
    tables += [_member(place, person) for person in people if person.login]
    tables.append(_table("[store]", [("path", place.mail), ("sent", place.mail / "Sent")]))
    tables.append(_table("[ledger]", [("url", place.ledger)]))
    tables.append(_table("[gpg]", [("home", place.gpg_home)]))
    tables.append(_table("[courier]", [("kind", "maildir"), ("path", place.outbox)]))
    if place.clones:
        tables.append(_table("[repositories]", place.clones.items()))
    _write(place.config, "\n\n".join(tables) + "\n")


def _identity(place: DemoPlace, person: Person, address: str) -> str:
    return _table("[[identity]]", [("address", address), ("name", person.name), ("sign_key", place.keys.get(person.key))])


def _member(place: DemoPlace, person: Person) -> str:
    return _table(
        "[[member]]",
        [
            ("name", person.name),
            ("login", place.logins[person.key]),
            ("address", person.address),
            ("key", place.keys.get(person.key)),
            ("company", person.company),
            ("role", person.role),
        ],
    )


def write_notmuch_config(place: DemoPlace, user: Person) -> None:
    """Write the configuration of the demo's own notmuch database: no decrypted text goes into it, List-Id does."""
    _write(
        place.notmuch_config,
        f"[database]\npath={place.mail}\n\n[user]\nname={user.name}\nprimary_email={user.address[0]}\n\n"
        "[new]\ntags=unread;inbox\nignore=\n\n[search]\nexclude_tags=\n\n[maildir]\nsynchronize_flags=false\n\n"
        "[index]\ndecrypt=false\nheader.List=List-Id\n",
    )


def _write(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
