"""What the documents say is so: keys, facts, events, commands, and the shapes of answers."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args, get_type_hints

import msgspec
import pytest

from seccon.cli.main import COMMANDS, cli
from seccon.core.condition import FACTS
from seccon.core.policy import EVENTS, Policy
from tests.cli.conftest import Place, make_place
from tests.mailroom import letter, open_mailroom
from tests.pictures import SHOTS

ROOT = Path(__file__).parent.parent
POLICY = (ROOT / "docs" / "policy.md").read_text()
JSON = (ROOT / "docs" / "json.md").read_text()
README = (ROOT / "README.md").read_text()


def tables(shape: type, found: dict[str, tuple[str, ...]] | None = None) -> dict[str, tuple[str, ...]]:
    """Give the fields of a struct and of all structs within."""
    found = {} if found is None else found
    if isinstance(shape, type) and issubclass(shape, msgspec.Struct) and shape.__name__ not in ("Span", "Pattern"):
        found[shape.__name__] = shape.__struct_fields__
        for hint in get_type_hints(shape).values():
            for part in (hint, *get_args(hint)):
                tables(part, found)
    return found


@pytest.mark.parametrize(("table", "fields"), tables(Policy).items())
def test_every_key_of_a_policy_is_described(table: str, fields: tuple[str, ...]) -> None:
    missing = [name for name in fields if f"`{name}`" not in POLICY and f"[{name}]" not in POLICY and f".{name}]]" not in POLICY]
    assert missing == []


@pytest.mark.parametrize("words", [FACTS, EVENTS], ids=["facts", "events"])
def test_every_fact_and_event_is_described(words: tuple[str, ...]) -> None:
    assert [word for word in words if f"`{word}`" not in POLICY] == []


@pytest.mark.parametrize("shape", tables(Policy))
def test_every_word_that_a_policy_may_choose_is_described(shape: str) -> None:
    hints = {
        name: hint for kind in (Policy, *_within(Policy)) if kind.__name__ == shape for name, hint in get_type_hints(kind).items()
    }
    for hint in hints.values():
        for part in (hint, *get_args(hint)):
            words = [word for word in get_args(part) if isinstance(word, str) and word]
            assert [word for word in words if f"`{word}`" not in POLICY] == []


def _within(shape: type) -> list[type]:
    return [
        part
        for hint in get_type_hints(shape).values()
        for part in (hint, *get_args(hint))
        if isinstance(part, type) and issubclass(part, msgspec.Struct)
        for part in (part, *_within(part))
    ]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_readme_and_in_the_json_page(command: str) -> None:
    assert f"`seccon {command}" in README
    assert f"seccon {command}" in JSON


def test_the_readme_names_no_option_that_is_not_there() -> None:
    context = cli.make_context("seccon", ["list"], resilient_parsing=True)
    known = {"--help", "--json", "--config", "--now", "--database"}  # the last is notmuch's
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        for each in (command, *getattr(command, "commands", {}).values()):
            known |= {option for one in each.params for option in one.opts}
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", README))
    assert named - known == set()


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    """A store with one report."""
    with open_mailroom() as room:
        room.fill([letter(message_id="one@r.example")])
        yield make_place(room)


@pytest.mark.parametrize(
    ("words", "heading"),
    [
        (("list",), "seccon list --json"), (("show", "1"), "seccon show CASE --json"), (("sync",), "seccon sync --json"),
        (("due", "--within", "9 weeks"), "seccon due --json"), (("calendar",), "seccon due --json"),
        (("read", "id:one@r.example"), "seccon read --json"), (("policy", "list"), "seccon policy"),
        (("doctor",), "seccon doctor"),
        (("keys", "list"), "seccon keys"),
        (("keys", "check"), "seccon keys"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)  # fmt: skip
def test_every_key_of_an_answer_is_described(place: Place, words: tuple[str, ...], heading: str) -> None:
    place.run("sync")
    sections = {part.partition("\n")[0]: part for part in JSON.split("\n## ")}
    text = next(part for title, part in sections.items() if heading in title)
    if words[0] == "show":
        text += sections["`seccon list --json`, `seccon demo --json`"]
    answer = json.loads(place.run(*words, "--json").stdout)
    assert answer.pop("seccon") == 1
    assert [
        key for key in sorted(_keys(answer)) if f'"{key}"' not in text and f"`{key}`" not in text and f".{key}`" not in text
    ] == []


def _keys(value: object) -> set[str]:
    if isinstance(value, dict):
        names = {key for key in value if re.fullmatch(r"[a-z_]+", key)}
        return names | {key for item in value.values() for key in _keys(item)}
    return {key for item in value for key in _keys(item)} if isinstance(value, list) else set()


@pytest.mark.parametrize(
    "name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/policy.md", "docs/json.md", "docs/journal.md"]
)
def test_every_link_leads_somewhere(name: str) -> None:
    path = ROOT / name
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", path.read_text())
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_every_file_that_contributing_names_is_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text()
    named = set(re.findall(r"`((?:core|desk|adapters|screens|widgets|cli)/[\w/.]+\.py)`", text))
    assert len(named) > 8
    assert [name for name in sorted(named) if not (ROOT / "seccon" / name).exists()] == []
    assert [name for name in re.findall(r"`(tests/[\w/.]+)`", text) if not (ROOT / name).exists()] == []


def test_every_picture_is_made_by_the_script_and_shown_with_words_of_its_own() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    shown = {
        name for page in pages for name in re.findall(r"!\[[^\]]{20,}\]\((?:docs/)?pictures/([\w-]+)\.png\)", page.read_text())
    }
    assert shown == set(SHOTS) == {file.stem for file in (ROOT / "docs" / "pictures").iterdir()}
