"""`seccon policy replay`: every kind in its documented form is read, and what cannot be read is a sentence with its line."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from seccon.core.journal import KINDS, entry_from_json
from tests.cli.conftest import Place

TEXT = (Path(__file__).parent.parent.parent / "docs" / "journal.md").read_text()
PERSON = {"name": "A. Roe", "address": "roe@example.net", "claimed": False}
SAMPLES: dict[str, Any] = {
    "text": "a text", "Message-ID": "m1@example.net", "*Correspondent*": PERSON, "instant": "2026-02-20T12:00:00Z",
    "true or false": True, "number": 2, "int": 2, "CVE id": "CVE-2026-12345", "fingerprint": "AB" * 20,
    "the fields of `assessed`": {"genuine": "yes", "misuse": "no"},
    "object of id → *Answer*": {"feasible": {"answer": "no", "note": "a demo board"}},
    "table of text": {"title": "x"},
    "*Reference*": {"url": "https://example.org/x"},
    "list of *SentTo*": [{"address": "roe@example.net", "role": "reporter"}],
}  # fmt: skip


def sample(form: str) -> Any:
    """Make a value of a documented form."""
    if form in SAMPLES:
        return SAMPLES[form]
    if form.endswith(" or null"):
        return sample(form.removesuffix(" or null"))
    if form.startswith("list of "):
        return [sample(form.removeprefix("list of "))]
    return re.split(r" · |, | or ", form)[-1]  # one of several words


def documented(kind: str, *, whole: bool) -> dict[str, Any]:
    """Make a body as docs/journal.md has it: with every field, or only with those that are required."""
    rows = TEXT.split(f"### `{kind}`")[1].split("\n##")[0]
    fields = re.findall(r"^\| `(\w+)` \| (.*?) \| (yes|) ?\|", rows, re.M)
    return {name: sample(form) for name, form, required in fields if whole or required}


@pytest.mark.parametrize("whole", [True, False], ids=["every field", "required fields"])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_is_read_as_it_is_documented(kind: str, whole: bool) -> None:
    line = {"case": 1, "seq": 1, "at": "2026-02-20T12:00:00Z", "by": "alice", "policy": "qemu@2020-12", "kind": kind}
    entry = entry_from_json(json.dumps(line | {"body": documented(kind, whole=whole)}))
    assert entry.kind == kind


HEAD = '{"case": 1, "seq": 1, "at": "2026-02-20T12:00:00Z", "by": "alice", "kind": "note-added", "body": {"text": "x"}}'


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("hello", "This is not an entry"),
        ("[1, 2]", "it must be an object, and is a list"),
        (HEAD.replace('"seq": 1, ', ""), "'seq' is missing"),
        (HEAD.replace('"case": 1', '"case": "1"'), "'case' must be a whole number, and is a text"),
        (HEAD.replace('"case": 1', '"case": -1'), "'case' must be at least 0"),
        (HEAD.replace('"seq": 1', '"seq": 0'), "'seq' must be at least 1"),
        (HEAD.replace("12:00:00Z", "12:00:00"), "'at' is no time such as 2026-11-21T19:13:00Z"),
        (HEAD.replace("02-20", "02-30"), "'at' is no time such as"),
        (HEAD.replace("note-added", "note-add"), "There is no kind of entry 'note-add'; did you mean 'note-added'?"),
        (HEAD.replace('{"text": "x"}', "{}"), "'text' is missing"),
        (HEAD.replace('{"text": "x"}', "[]"), "it must be an object, and is a list"),
        (HEAD.replace('"text": "x"', '"text": 5'), "'text' must be a text, and is a whole number"),
        (HEAD.replace('"text": "x"', '"text": "x", "v": 2'), "in form 2, which this version does not know"),
        (HEAD + "\n" + HEAD, "line 2: case 1 has an entry 1 already."),
        ("[" * 100_000, "This is not an entry"),
        (HEAD.replace("note-added", "waiting-set").replace('"text": "x"', '"whom": "team", "until": "2026-03-01T00:00:00"'),
         "'until': a time without a zone is no instant"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_a_sentence_with_its_line(place: Place, tmp_path: Path, line: str, said: str) -> None:
    file = tmp_path / "history.jsonl"
    file.write_text(line)
    done = place.run("policy", "replay", "qemu", str(file), bare=True)
    assert done.exit_code == 2
    assert said in done.stderr
    assert f"{file}, line" in done.stderr
    assert not done.stdout


def test_a_slip_of_the_pen_is_told_and_left_out(place: Place, tmp_path: Path) -> None:
    file = tmp_path / "history.jsonl"
    file.write_bytes(b"\xef\xbb\xbf" + HEAD.replace('"text": "x"', '"text": "x", "txt": 1').encode() + b"\r\n")
    done = place.run("policy", "replay", "qemu", str(file), "--json", bare=True)
    assert done.exit_code == 0
    assert "'note-added' has no 'txt'; did you mean 'text'? It is left out." in done.stderr
    assert json.loads(done.stdout)["cases"][0]["entries"] == 1


def test_a_time_of_another_zone_is_the_same_instant(place: Place, tmp_path: Path) -> None:
    file = tmp_path / "history.jsonl"
    wait = '{"whom": "team", "until": "2026-03-01T02:00:00+02:00"}'
    file.write_text(HEAD.replace("note-added", "waiting-set").replace('{"text": "x"}', wait))
    for now, waits in (("2026-02-28T23:59:59Z", "team"), ("2026-03-01T00:00:00Z", None)):
        done = place.run("policy", "replay", "qemu", str(file), "--now", now, "--json", bare=True)
        assert json.loads(done.stdout)["cases"][0]["waiting"] == waits


def line(case: int, seq: int, by: str, kind: str, **body: Any) -> str:
    """Write one line."""
    return json.dumps(
        {"case": case, "seq": seq, "at": "2026-02-20T12:00:00Z", "by": by, "policy": "", "kind": kind, "body": body}
    )


YEJIN = "yejin@vendor.example"


def judged(place: Place, tmp_path: Path, *lines: str) -> Any:
    file = tmp_path / "team.jsonl"
    file.write_text("\n".join(lines))
    done = place.run("policy", "replay", "libvirt", str(file), "--now", "2026-03-01T00:00:00Z", "--json", bare=True)
    assert done.exit_code == 0, done.output
    (found,) = json.loads(done.stdout)["cases"]
    return found


def test_joining_by_the_book_is_refused_nowhere(place: Place, tmp_path: Path) -> None:
    found = judged(
        place, tmp_path,
        line(0, 1, "alice", "member-nominated", address=YEJIN, name="Ye-jin Park", mail="ask@v"),
        line(0, 2, "bob", "member-vouched", address=YEJIN, why="met twice"),
        line(0, 3, "alice", "member-pledged", address=YEJIN, proof="ask@v"),
        line(0, 4, "alice", "member-approved", address=YEJIN, login="yejin"),
        line(0, 5, "yejin", "seat-opened", vendor="Hanok"),
        line(0, 6, "alice", "member-left", address="bob@team.example", why="changed jobs"),
    )  # fmt: skip
    assert found["refusals"] == []
    assert found["team"] == {"members": ["alice", "Ye-jin Park"], "former": ["bob"]}
    assert found["steps"] == []


def test_who_joins_without_what_the_process_asks_is_objected_to_with_its_source(place: Place, tmp_path: Path) -> None:
    found = judged(
        place, tmp_path,
        line(0, 1, "alice", "member-nominated", address=YEJIN, name="Ye-jin Park"),
        line(0, 2, "yejin", "member-vouched", address=YEJIN, why="I am good"),
        line(0, 3, "alice", "member-approved", address=YEJIN, login="yejin"),
        line(0, 4, "alice", "member-pledged", address="stranger@x.example", why="said so"),
        line(0, 5, "alice", "member-vouched", address="nobody@x.example", why="x"),
    )  # fmt: skip
    rules = [(one["seq"], one["rule"]) for one in found["refusals"]]
    assert rules == [
        (1, "nominate.why"), (2, "vouch.member"), (3, "approve.vouched"), (4, "pledge.whom"), (5, "nominee"),
    ]  # fmt: skip
    assert "vouch" in found["refusals"][2]["source"]


def test_the_word_of_who_left_admits_nobody(place: Place, tmp_path: Path) -> None:
    found = judged(
        place, tmp_path,
        line(0, 1, "alice", "member-nominated", address=YEJIN, why="we met"),
        line(0, 2, "bob", "member-vouched", address=YEJIN, why="met twice"),
        line(0, 3, "alice", "member-pledged", address=YEJIN, why="by telephone"),
        line(0, 4, "alice", "member-left", address="bob@team.example", why="changed jobs"),
        line(0, 5, "alice", "member-approved", address=YEJIN, login="yejin"),
    )  # fmt: skip
    assert [(one["seq"], one["rule"]) for one in found["refusals"]] == [(5, "approve.vouched")]


def test_a_sealed_rating_asks_for_the_second_and_facts_say_so(place: Place, tmp_path: Path) -> None:
    rating = {"genuine": "yes", "misuse": "yes", "apparent": "Low", "severity": "Low"}
    first = [line(1, 1, "seccon", "case-opened", project="qemu"), line(1, 2, "alice", "assessed", **rating, second="blind")]
    found = judged(place, tmp_path, *first)
    assert (found["sealed"], found["severity"]) == (True, None)
    assert "second-wanted" in found["facts"]
    assert ("second", "second") in [(one["id"], one["verb"]) for one in found["steps"]]
    again = judged(place, tmp_path, *first, line(1, 3, "bob", "assessed", **rating))
    assert [one["rule"] for one in again["refusals"]] == ["second.sealed"]
    own = judged(place, tmp_path, *first, line(1, 3, "alice", "second-rated", rating=rating))
    assert [one["rule"] for one in own["refusals"]] == ["second.self"]
    done = judged(place, tmp_path, *first, line(1, 3, "bob", "second-rated", rating=rating))
    assert done["refusals"] == []
    assert {"second-rated", "settled"} <= set(done["facts"])
    assert done["second_ratings"] == [{"by": "bob", "at": "2026-02-20T12:00:00Z", "severity": "Low", "blind": True}]


def test_every_refusal_names_its_source(place: Place, tmp_path: Path) -> None:
    """Where no process says it, seccon does."""
    until = "2026-03-01T12:00:00Z"
    found = judged(
        place, tmp_path,
        line(1, 1, "seccon", "case-opened", project="x"),
        line(1, 2, "alice", "embargo-proposed", proposal="p1", party="team", until=until),
        line(1, 3, "alice", "embargo-agreed", proposal="p1", party="roe@example.net"),
        line(1, 4, "alice", "embargo-set", proposal="p1", until=until),
    )  # fmt: skip
    assert found["refusals"]
    assert all(one["source"] for one in found["refusals"])
