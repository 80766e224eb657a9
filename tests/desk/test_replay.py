"""Replay: any history through any policy, with what the process would have refused."""

from seccon.core.journal.cases import Acknowledged, Assessed, CaseAccepted, CaseClosed, MailArrived, PolicyMoved
from seccon.core.journal.embargoes import EmbargoEnded, EmbargoProposed, EmbargoSet
from seccon.core.journal.work import Announced, BugOpened
from seccon.desk.replay import replay
from tests.story import ROE, at, received, shipped, tell

ACK = ("2026-02-20", Acknowledged(report="r1@example.net", member="Bob", when=at("2026-02-20")))
RATED = ("2026-02-20", Assessed(genuine="yes", misuse="yes", apparent="Important", severity="Important"))
TAKEN = ("2026-02-20", CaseAccepted(id="Q-2026-001"))


def told(*events, policy: str = "qemu", now: str = "2026-04-01"):
    (found,) = replay(tell(*received(), *events), shipped(policy), at(now))
    return found


def rules(*events, policy: str = "qemu") -> list[tuple[str, str]]:
    return [(one.kind, one.rule) for one in told(*events, policy=policy).objections]


def test_a_history_by_the_book_is_refused_nowhere() -> None:
    proposed = ("2026-02-20", EmbargoProposed(proposal="p1", party="team", until=at("2026-03-06")))
    in_force = ("2026-02-20", EmbargoSet(proposal="p1", until=at("2026-03-06"), why="they agreed by telephone"))
    ended = ("2026-03-06", EmbargoEnded(reason="released"))
    bug = ("2026-03-06", BugOpened(url="https://bugs.example.org/1"))
    closed = ("2026-03-07", CaseClosed(outcome="published"))
    assert rules(ACK, RATED, TAKEN, proposed, in_force, ended, bug, closed) == []
    assert rules(ACK, RATED, TAKEN, proposed, in_force, ended, closed) == [("case-closed", "close.published")]


def test_each_breach_names_its_rule() -> None:
    far = ("2026-02-20", EmbargoSet(proposal="p0", until=at("2026-05-20")))
    assert ("embargo-set", "two-weeks") in rules(ACK, RATED, far)
    early = ("2026-02-25", EmbargoEnded(reason="released"))
    near = ("2026-02-20", EmbargoSet(proposal="p0", until=at("2026-03-06")))
    assert ("embargo-ended", "embargo.date") in rules(ACK, RATED, near, early)
    leak = ("2026-02-25", BugOpened(url="https://bugs.example.org/1"))
    assert ("bug-opened", "embargo.secret") in rules(ACK, RATED, near, leak)
    assert ("case-closed", "close.embargo") in rules(ACK, RATED, near, ("2026-02-25", CaseClosed(outcome="published")))
    other = ("2026-02-20", Assessed(genuine="yes", misuse="yes", apparent="Critical", severity="Low"))
    assert ("assessed", "severity.why") in rules(ACK, other)


def test_a_hard_limit_is_counted_from_where_the_policy_says() -> None:
    """linux-distros: 14 days from the first post, whatever is agreed; a reason does not help."""
    wish = EmbargoProposed(
        proposal="p1", party="roe@example.net", until=at("2026-05-21"), why="ninety days are our rule", proof="m@x"
    )
    assert ("embargo-proposed", "fourteen-days") in rules(("2026-02-25", wish), policy="linux-distros")
    late = EmbargoProposed(proposal="p1", party="team", until=at("2026-03-06 00:00"), why="the fix is large")
    assert rules(("2026-03-01", late), policy="linux-distros") == []


def test_what_comes_after_the_moment_is_not_looked_at() -> None:
    found = told(ACK, RATED, ("2026-03-20", CaseClosed(outcome="spam")), now="2026-03-01")
    assert found.case.closed is None
    assert next(step.id for step in found.steps) == "accept"
    assert {reading.id: reading.state for reading in found.readings}["sixty-days"] == "running"


def test_an_announcement_in_the_embargo_is_objected_to_and_still_counts() -> None:
    near = ("2026-02-20", EmbargoSet(proposal="p0", until=at("2026-03-06")))
    sent = ("2026-02-21", Announced(list="devel@lists.libvirt.org", url="https://x"))
    found = told(ACK, RATED, near, sent, policy="libvirt")
    assert [one.rule for one in found.objections] == ["embargo.secret"]
    assert [one.list for one in found.case.work.announced] == ["devel@lists.libvirt.org"]


def test_another_revision_judges_from_the_entry_that_moves_the_case() -> None:
    """Open cases keep their revision until an entry moves them; libvirt knows a restart, which qemu's process does not."""
    other = shipped("libvirt")
    moved = ("2026-02-21", PolicyMoved(to=other.key, why="they fix it there"))
    proposed = ("2026-02-20", EmbargoProposed(proposal="p1", party="team", until=at("2026-03-06")))
    in_force = ("2026-02-20", EmbargoSet(proposal="p1", until=at("2026-03-06"), why="they agreed by telephone"))
    again = (
        "2026-03-01",
        EmbargoProposed(proposal="p2", party="team", until=at("2026-03-13"), restart=True, why="the patch fails"),
    )
    for story, wanted in (((moved,), []), ((), ["embargo.restart"])):
        history = tell(*received(), ACK, proposed, in_force, *story, again)
        (found,) = replay(history, shipped("qemu"), at("2026-03-02"), (), {other.key: (other, ())}.get)
        assert [one.rule for one in found.objections] == wanted


def test_an_automatic_mail_is_no_acknowledgement() -> None:
    """Step 0: a non-automated response."""
    robot = MailArrived(mail="auto@x", digest="d", report="r1@example.net", sender=ROE, direction="team", automatic=True)  # type: ignore[arg-type]
    said = Acknowledged(report="r1@example.net", member="Bob", when=at("2026-02-21"), mail="auto@x")  # type: ignore[arg-type]
    assert rules(("2026-02-21", robot), ("2026-02-21", said)) == [("acknowledged", "acknowledge.automatic")]
