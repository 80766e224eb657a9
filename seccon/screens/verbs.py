"""What a person can do to a case, declared once: key, name, tooltip. Queue and case screen bind the same."""

import dataclasses
from collections.abc import Callable

from textual.binding import Binding
from textual.message import Message


class VerbChosen(Message):
    """A verb shall be carried out on a case, or alike on all that are marked; `done` is called once it was on those."""

    def __init__(self, verb: str, case: int, marked: tuple[int, ...] = (), done: Callable[[], None] | None = None) -> None:
        super().__init__()
        self.verb = verb
        self.case = case
        self.marked = marked
        self.done = done


def _verb(key: str, verb: str, name: str, tooltip: str, *, show: bool = True) -> Binding:
    return Binding(key, f"verb('{verb}')", name, id=f"case.{verb}", tooltip=tooltip, show=show)


CASE_VERBS = (
    _verb("full_stop", "next", "next step", "do what the process wants next"),
    _verb("a", "acknowledge", "acknowledge", "answer the reporter: the report was received, by a person"),
    _verb("m", "checklist", "checklist", "what the report holds and what is missing, with the evidence found", show=False),
    _verb("N", "needs-info", "needs info", "ask the reporter for what is missing; the case then waits for them", show=False),
    _verb("X", "scope", "out of scope", "not for this team: answer with the clause; also for all that are marked", show=False),
    _verb("s", "assess", "assess", "genuine? misuse? how severe?"),
    _verb("V", "cvss", "CVSS", "the CVSS vector, metric by metric", show=False),
    _verb("e", "embargo", "embargo", "the negotiation: propose, agree, put in force, end"),
    _verb("v", "parties", "parties", "vendors and downstreams: invited, told, answered, ready", show=False),
    _verb("r", "reply", "reply", "write a reply, from a template or free"),
    _verb("R", "everyone", "every reporter", "one reply to each reporter, on their own thread, none told of another", show=False),
    _verb("c", "accept", "accept", "take the report for work: the case gets its id", show=False),
    _verb("o", "own", "own", "answer for the case; again: give it back"),
    _verb("x", "close", "close", "close with its outcome; a closed case: reopen"),
    _verb("Z", "latest", "latest date", "the latest date that the embargo may have, and which rule decides it", show=False),
    _verb("d", "tell", "tell date", "write the reporters the embargo date", show=False),
    _verb("p", "publicity", "public?", "the matter is public, or exploited", show=False),
    _verb("w", "wait", "wait", "wait for somebody; again: take it up", show=False),
    _verb("S", "second", "second rating", "rate what a colleague rated, on a form of its own", show=False),
    _verb("U", "unseal", "unseal", "see a sealed rating before you rate: on record, and yours is not blind then", show=False),
    _verb("C", "cve", "CVE", "the CVE id: ask for it, reserve, record, withdraw it, its record", show=False),
    _verb("f", "fix", "patch", "record a version of the patch, or a fault in it", show=False),
    _verb("t", "texts", "texts", "trailers of the fix, the upstream bug, its closing comment: to copy or save", show=False),
    _verb("F", "branches", "branches", "where the fix stands on each branch", show=False),
    _verb("b", "bug", "bug", "the upstream bug: opened, or closed with the commit", show=False),
    _verb("E", "advisory", "advisory", "the advisory: its words, what is missing, how it comes out in each form", show=False),
    _verb(
        "D", "day", "the day", "the day of disclosure: what must be ready, what comes next, what stands in the way", show=False
    ),
    _verb(
        "L", "announce", "announce", "write the announcement to the next list, or record one that was sent elsewhere", show=False
    ),
    _verb("y", "archive", "archive", "send the details of an encrypted report to the private list, or record that", show=False),
    _verb("B", "reporter", "true reporter", "the report was handed on: name who found it", show=False),
    _verb("H", "credit", "credit", "how the reporter wants to be credited", show=False),
    _verb("P", "permission", "permission", "whom the reporter permits, or forbids, to be told", show=False),
    _verb("W", "staff", "staff told", "record supporting staff who were told", show=False),
    _verb("T", "membership", "membership", "the mail asks to join the team: nominate, and close", show=False),
    _verb("M", "moderate", "moderated", "who released or discarded the post that a list held back", show=False),
    _verb("I", "join", "join", "another case is of the same issue: merge, or put the report into both", show=False),
    _verb("minus", "part", "part", "the case holds several issues: a report gets a case of its own", show=False),
    _verb("ctrl+z", "undo", "take back", "take back the last joining or parting of this case", show=False),
    _verb("n", "note", "note", "leave a note for colleagues", show=False),
    _verb("Y", "policy", "policy", "move the case to another revision of its policy", show=False),
    _verb("A", "acknowledged", "acknowledged elsewhere", "record an acknowledgement that the store cannot see", show=False),
)

PARTY_VERBS = (
    Binding(
        "i", "verb('invite')", "invite", id="party.invite", tooltip="let somebody outside take part; they are told nothing yet"
    ),
    Binding("P", "verb('permission')", "permission", id="party.permission", tooltip="a reporter permits that they are told"),
    Binding("t", "verb('tell')", "tell", id="party.tell", tooltip="write to them alone: the issue, the patch, the date"),
    Binding(
        "T",
        "verb('tell_all')",
        "tell all",
        id="party.tell-all",
        tooltip="write to every party to whom something is due",
        show=False,
    ),
    Binding(
        "o", "verb('told')", "told otherwise", id="party.told", tooltip="record that they were told by another way", show=False
    ),
    Binding("a", "verb('answer')", "answer", id="party.answer", tooltip="record whether they are affected, with their mail"),
    Binding("r", "verb('ready')", "ready", id="party.ready", tooltip="record whether they can publish, and with which patch"),
    Binding("x", "verb('remove')", "remove", id="party.remove", tooltip="they take part no longer; what they know they know"),
)

STEP_KEYS = {
    "acknowledge": "a", "assess": "s", "second": "S", "embargo": "e", "release": "e", "tell": "d", "accept": "c", "close": "x",
    "claim": "o", "reply": "r", "archive": "y", "wait": "w", "cve": "C", "cve-publish": "C", "bug": "b", "bug-closed": "b",
    "fix": "f", "branches": "F", "announce": "L", "day": "D", "checklist": "m", "permission": "P", "moderate": "M",
    "parties": "v", "advisory": "E", "credit": "H", "scope": "X",
}  # fmt: skip
"""Verb of a policy's step -> the key that does it."""
BULK_VERBS = ("scope",)
"""Verbs that are carried out on all marked cases at once."""
STEP_VERBS = {"release": "embargo", "claim": "own", "bug-closed": "bug", "cve-publish": "cve"}
"""Verb of a policy's step -> the verb of the console, where it is called otherwise."""

DAY_VERBS = (
    _verb("full_stop", "next", "next", "do what comes next on the day"),
    _verb("L", "announce", "announce", "write the announcement to the next list, or record one that was sent elsewhere"),
    _verb("u", "published", "link", "record where the public reads an announcement"),
    _verb("e", "embargo", "embargo", "the negotiation: release it on its date"),
    _verb("p", "publicity", "public?", "the matter is public, or exploited"),
    _verb("x", "no-leak", "no leak", "the mail on the public list tells nothing of the issue: say why"),
)
"""Keys of the day of disclosure; those of its other lines are the case's own."""

ADVISORY_VERBS = (
    _verb("w", "advisory-words", "words", "write title, description, impact, workaround and the rest, on one form"),
    _verb("p", "advisory-pass", "let pass", "let something that stops pass, with the reason; or take that back"),
)
"""Keys of the advisory's own screen; what the gate names beside has the case's own keys there too."""
GATE_KEYS = tuple(
    dataclasses.replace(one, show=False)
    for one in CASE_VERBS
    if one.key in ("C", "F", "H", "e", "s", "V", "b", "L", "D", "v", "x")
)

EMBARGO_VERBS = (
    _verb("p", "propose", "propose", "put a date on the table, or another one against it"),
    _verb("a", "agree", "agree", "record that a party agrees; with the last one the date is in force"),
    _verb("x", "reject", "reject", "record that a party rejects a date"),
    _verb("f", "enforce", "in force", "put a date in force though not all have agreed"),
    _verb("R", "restart", "restart", "propose that the clock starts anew", show=False),
    _verb("E", "end", "end", "release it on its date, or end it early with the reason"),
    _verb("d", "tell", "tell date", "write the reporters the date in force"),
    _verb("w", "wish", "wish", "record the date that a reporter wishes, with their mail", show=False),
    _verb("v", "parties", "parties", "vendors and downstreams: who was told the date, who agrees", show=False),
    _verb("Z", "latest", "latest date", "every rule with its date, and which one decides"),
    _verb("t", "list-told", "list told", "record when a list outside was told, or that it was not", show=False),
)
