"""Histories that go wrong, through the shipped policies: what is owed, what is refused, and by whose sentence."""

import pytest

from seccon.core.journal.cases import (
    Acknowledged,
    Assessed,
    CaseAccepted,
    CaseClosed,
    CaseMerged,
    CaseUnmerged,
    PublicityFlagged,
    ScopeJudged,
)
from seccon.core.journal.embargoes import EmbargoAgreed, EmbargoCommunicated, EmbargoEnded, EmbargoProposed, EmbargoSet, ListTold
from seccon.core.journal.parties import PartyAnswered, PartyInvited, PartyTold
from seccon.core.journal.replies import ReplyQueued, SentTo
from seccon.core.journal.work import Announced, BugOpened, FixProposed, PermissionRecorded
from seccon.desk.replay import Replayed, replay
from tests.story import at, received, shipped, tell

R1 = "r1@example.net"
DAY = "2026-02-20"
ACK = (DAY, Acknowledged(report=R1, member="Bob", when=at(DAY)))  # type: ignore[arg-type]
TAKEN = (DAY, CaseAccepted(id="X-2026-001"))  # type: ignore[arg-type]
PROPOSED = (DAY, EmbargoProposed(proposal="p1", party="team", until=at("2026-03-06")))
AGREED = (DAY, EmbargoAgreed(proposal="p1", party="roe@example.net", why="by telephone"))
SET = (DAY, EmbargoSet(proposal="p1", until=at("2026-03-06")))
TOLD = (DAY, EmbargoCommunicated(report=R1, until=at("2026-03-06")))  # type: ignore[arg-type]
WILD = ("2026-02-22", PublicityFlagged(exploited=True, evidence="a honeypot"))
PUBLIC_BUG = ("2026-02-21", BugOpened(url="https://bugs.example.org/1"))
INVITED = ("2026-02-21", PartyInvited(party="sec@vendor.example", name="Vendor", role="downstream"))
PERMITTED = ("2026-02-21", PermissionRecorded(report=R1, whom="anyone", why="they wrote so"))  # type: ignore[arg-type]


def rated(severity: str, day: str = DAY, why: str = "") -> tuple[str, Assessed]:
    return day, Assessed(genuine="yes", misuse="yes", apparent=severity, severity=severity, why=why)


def told(policy: str, *events, now: str = "2026-02-24") -> Replayed:
    (found,) = replay(tell(*received(), ACK, TAKEN, *events), shipped(policy), at(now))
    return found


def owed(policy: str, *events, now: str = "2026-02-24") -> list[str]:
    return [step.id for step in told(policy, *events, now=now).steps]


def rules(policy: str, *events, now: str = "2027-01-01") -> list[str]:
    return [one.rule for one in told(policy, *events, now=now).objections]


def test_what_has_a_public_bug_is_public_and_gets_no_embargo_when_it_turns_out_worse() -> None:
    """QEMU: an embargo is for an issue that is not already public."""
    story = (rated("Low"), PUBLIC_BUG, rated("Important", "2026-02-22", "worse than it looked"))
    found = told("qemu", *story)
    assert "public" in found.facts
    assert not {"propose-embargo", "bug-now"} & {step.id for step in found.steps}
    late = ("2026-02-23", EmbargoProposed(proposal="p1", party="team", until=at("2026-03-06")))
    assert rules("qemu", *story, late) == ["embargo.forbidden"]
    wild = ("2026-02-23", PublicityFlagged(exploited=True, evidence="a honeypot"))
    assert "public" in told("qemu", *story, wild).facts, "a flag does not hide what everybody can read"
    hidden = ("2026-02-21", BugOpened(url="https://bugs.example.org/1", public=False))
    assert "public" not in told("qemu", rated("Important"), hidden).facts


def test_an_announcement_makes_the_matter_public() -> None:
    sent = ("2026-02-21", Announced(list="devel@lists.libvirt.org", url="https://x"))
    assert "public" in told("libvirt", rated("Important"), sent).facts
    held = told("libvirt", rated("Important"), PROPOSED, AGREED, SET, sent)
    assert "public" not in held.facts, "E10: while a date is in force only a person's word for it lifts anything"
    assert [one.rule for one in held.objections] == ["embargo.secret"]


@pytest.mark.parametrize("policy", ["generic", "libvirt", "qemu", "kernel", "xen", "linux-distros", "kubernetes", "psrt"])
def test_a_date_that_came_is_owed_a_release_also_where_nobody_was_told_or_another_is_on_the_table(policy: str) -> None:
    """E10: the date passing lifts nothing until a person releases it; E9: that is said before everything else."""
    longer = ("2026-02-21", EmbargoProposed(proposal="p2", party="roe@example.net", until=at("2026-03-09"), why="x"))
    for more in ((), (TOLD,), (longer,)):
        assert owed(policy, rated("Critical"), PROPOSED, AGREED, SET, *more, now="2026-03-07")[0] == "release"


def test_a_low_rating_ends_the_talk_of_a_date_and_the_date_in_force() -> None:
    """QEMU: if the severity is sufficiently low, an upstream public bug will be created immediately."""
    steps = owed("qemu", PROPOSED, rated("Low"))
    assert "public-bug" in steps
    assert "settle-embargo" not in steps
    assert rules("qemu", rated("Low"), PROPOSED) == ["low"]
    lowered = owed("qemu", rated("Important"), PROPOSED, AGREED, SET, TOLD, rated("Low", "2026-02-22"))
    assert lowered[0] == "end-low"
    ended = ("2026-02-23", EmbargoEnded(reason="not-needed", why="low"))
    after = owed("qemu", rated("Important"), PROPOSED, AGREED, SET, TOLD, rated("Low", "2026-02-22"), ended)
    assert [one for one in after if "bug" in one] == ["bug"]
    assert "settle-embargo" in owed("libvirt", PROPOSED, rated("Low")), "there every issue that is not public has a date"


@pytest.mark.parametrize("policy", ["generic", "libvirt", "libvirt-2020s", "qemu", "xen", "kubernetes", "psrt"])
def test_what_is_exploited_is_told_now_and_no_date_is_agreed_any_more(policy: str) -> None:
    """T7; Vultron: an embargo should end when the matter is exploited."""
    for before in ((), (PROPOSED,)):
        verbs = {step.verb for step in told(policy, rated("Critical"), *before, WILD).steps}
        assert "embargo" not in verbs
        assert verbs & {"announce", "bug", "close"}
    late = ("2026-02-23", EmbargoSet(proposal="p1", until=at("2026-03-06")))
    assert rules(policy, rated("Critical"), PROPOSED, AGREED, WILD, late)[-1] in ("exploited", "embargo.forbidden")


def test_a_case_is_not_closed_as_published_while_the_public_is_owed_its_bug_or_announcement() -> None:
    done = ("2026-02-25", CaseClosed(outcome="published", why="done"))
    found = told("qemu", rated("Low"), done, now="2026-03-01")
    (objection,) = found.objections
    assert objection.rule == "close.published"
    assert objection.source == "If severity of the issue is sufficiently low, an upstream public bug will be created immediately."
    assert rules("qemu", rated("Low"), PUBLIC_BUG, done) == []
    flagged = ("2026-02-21", PublicityFlagged(public=True, evidence="https://blog.example"))
    assert rules("libvirt", rated("Low"), flagged, done) == ["close.published"]
    assert rules("qemu", rated("Low"), ("2026-02-25", CaseClosed(outcome="administrative", why="a test"))) == []


def test_nobody_outside_is_told_without_permission_by_qemus_own_sentence() -> None:
    """Such information will not be disclosed to third parties without prior permission from the reporter(s)."""
    assert "permit-parties" in owed("qemu", rated("Important"), INVITED)
    assert "tell-parties" in owed("qemu", rated("Important"), INVITED, PERMITTED)
    early = ("2026-02-21", PartyTold(party="sec@vendor.example", evidence="telephone"))
    (objection,) = told("qemu", rated("Important"), INVITED, early).objections
    assert objection.rule == "party-permission"
    assert objection.source.startswith("Such information will not be disclosed to third party organisations/individuals")


def test_the_word_of_a_party_counts_by_the_mail_that_the_entry_names() -> None:
    """A history of elsewhere need not hold every mail."""
    said = ("2026-02-22", PartyAnswered(party="sec@vendor.example", affected="yes", mail="m9@vendor.example"))  # type: ignore[arg-type]
    by_phone = ("2026-02-21", PartyTold(party="sec@vendor.example", evidence="telephone"))
    assert rules("libvirt", rated("Important"), INVITED, PERMITTED, by_phone, said) == []


def test_distributors_are_told_seven_days_ahead_of_the_date() -> None:
    """Kubernetes: distributors at least 7 days before."""
    story = (rated("Critical"), PROPOSED, AGREED, SET, TOLD)
    by = {step.id: step.due for step in told("kubernetes", *story).steps}
    assert by["invite-distributors"] == at("2026-02-27")
    assert by["release"] == at("2026-03-06")
    by = {step.id: step.due for step in told("kubernetes", *story, INVITED).steps}
    assert by["permit-distributors"] == at("2026-02-27")
    by = {step.id: step.due for step in told("kubernetes", *story, INVITED, PERMITTED).steps}
    assert by["tell-distributors"] == at("2026-02-27")
    known = ("2026-02-22", PartyTold(party="sec@vendor.example", evidence="telephone"))
    assert "tell-distributors" not in owed("kubernetes", *story, INVITED, PERMITTED, known)


def test_somebody_is_to_coordinate_or_fix_within_the_time_that_the_process_gives() -> None:
    """PSRT: a coordinator after 3 idle days; Kubernetes: the fix team within 24 hours."""
    steps = {step.id: step.due for step in told("psrt", now="2026-02-21").steps}
    assert steps["coordinator"] == at("2026-02-23")
    assert {step.id: step.due for step in told("kubernetes", now="2026-02-20").steps}["fix-team"] == at("2026-02-21")


def test_ninety_days_in_all_count_from_the_report() -> None:
    """PSRT: a window that is opened later is no longer."""
    inside = ("2026-03-20", EmbargoProposed(proposal="p1", party="team", until=at("2026-05-21")))
    beyond = ("2026-03-20", EmbargoProposed(proposal="p1", party="team", until=at("2026-05-22")))
    assert rules("psrt", inside) == []
    assert rules("psrt", beyond) == ["ninety-days"]


def test_linux_distros_wants_a_date_at_once_and_oss_security_on_it() -> None:
    """A tentative date in the first post; who posts must also post to oss-security on the date."""
    assert "propose-embargo" in owed("linux-distros")
    ended = ("2026-03-06", EmbargoEnded(reason="released"))
    steps = owed("linux-distros", PROPOSED, AGREED, SET, TOLD, ended, now="2026-03-07")
    assert "announce" in steps
    assert "publish" not in steps
    sent = ("2026-03-06", Announced(list="oss-security@lists.openwall.com", url="https://x"))
    assert "announce" not in owed("linux-distros", PROPOSED, AGREED, SET, TOLD, ended, sent, now="2026-03-07")


def test_xen_announces_what_is_exploited_before_it_closes() -> None:
    """Exploited in the wild: publish now."""
    steps = owed("xen", rated("Critical"), WILD)
    assert "announce-exploited" in steps
    assert not any(one.startswith("publish") for one in steps)


def test_what_was_judged_out_of_scope_waits_for_its_answer_and_nothing_else() -> None:
    """I7: the polite reply quotes the clause; a rating or an acceptance takes the judgement back."""
    judged = (DAY, ScopeJudged(outcome="out-of-scope", clause="upgrade"))
    history = tell(*received(), judged)
    (found,) = replay(history, shipped("qemu"), at("2026-02-21"))
    (step,) = found.steps
    assert (step.id, step.verb, step.title) == ("answer-scope", "scope", "answer, close")
    assert step.due == at("2026-02-24"), "it is the first answer too: two working days"
    assert owed("qemu", judged, rated("Important", "2026-02-21"))[0] != "answer-scope"


def test_a_typed_hour_must_exist_and_be_the_date_that_was_proposed() -> None:
    """E4: an hour that summer time skips, one that it shows twice, 23:30Z in Tokyo."""

    def typed(until: str, text: str, zone: str) -> list[str]:
        said = EmbargoProposed(proposal="p1", party="team", until=at(until), zone=zone, typed=text, why="exceptional")
        return rules("libvirt", rated("Important"), (DAY, said))

    assert typed("2026-03-29 01:30", "2026-03-29 02:30", "Europe/Berlin") == ["embargo.typed"]
    assert typed("2026-10-25 00:30", "2026-10-25 02:30", "Europe/Berlin") == []
    assert typed("2026-10-25 01:30", "2026-10-25 02:30", "Europe/Berlin") == []
    assert typed("2026-03-01 23:30", "2026-03-02 08:30", "Asia/Tokyo") == []
    assert typed("2026-03-01 23:30", "2026-03-01 23:30", "Asia/Tokyo") == ["embargo.typed"]


def test_what_is_on_the_table_says_who_has_not_agreed() -> None:
    found = told("qemu", rated("Important"), PROPOSED)
    assert found.missing == {"p1": ("roe@example.net",)}
    assert found.bounds.binding is not None
    assert found.bounds.binding.id == "two-weeks"


def test_before_the_event_that_a_limit_counts_from_the_refusal_says_from_what_it_counts() -> None:
    far = (DAY, EmbargoProposed(proposal="p1", party="team", until=at("2026-04-20"), why="x"))
    (objection,) = told("kernel", far).objections
    assert objection.sentence.endswith("The latest date is 2026-03-06 00:00Z, counted from its setting while there is no fix.")


@pytest.mark.parametrize("policy", ["generic", "libvirt", "qemu", "qemu-2026-06", "psrt", "xen"])
def test_what_is_accepted_and_not_rated_yet_is_rated_before_a_cve_or_a_fix_is_owed(policy: str) -> None:
    """Step 1 is the triage; a CVE and a patch are of step 2."""
    verbs = {step.verb for step in told(policy).steps}
    assert "assess" in verbs
    assert not verbs & {"cve", "fix", "bug"}


def test_a_case_that_was_merged_promises_nothing_any_more() -> None:
    assert told("qemu", ("2026-02-21", CaseMerged(into=2))).readings == ()
    assert told("qemu", ("2026-02-21", CaseMerged(into=2)), ("2026-02-22", CaseUnmerged())).readings != ()


def test_a_friday_is_noted_of_the_date_in_force_and_of_those_on_the_table() -> None:
    """E4; Kubernetes: not on a Friday."""
    monday = (DAY, EmbargoProposed(proposal="p2", party="team", until=at("2026-03-02")))
    for policy in ("kubernetes", "qemu"):
        assert [found.rule for _until, found in told(policy, rated("Critical"), PROPOSED, monday).notes] == ["friday"]
        assert [found.rule for _until, found in told(policy, rated("Critical"), PROPOSED, AGREED, SET).notes] == ["friday"]


def letter(*addresses: str) -> tuple[str, ReplyQueued]:
    going = tuple(SentTo(address=one, role="list") for one in addresses)
    return "2026-02-23", ReplyQueued(reply="o1", mail="m5@t", identity="team@example.org", recipients=going, protection="clear")  # type: ignore[arg-type]


def test_a_mail_that_would_tell_everybody_is_refused_when_it_is_queued() -> None:
    """E10: what each state forbids holds of mails too, not of the record alone that they went."""
    public = letter("announce@lists.libvirt.org")
    assert rules("libvirt", rated("Important"), PROPOSED, AGREED, SET, public) == ["embargo.secret"]
    ended = ("2026-02-22", EmbargoEnded(reason="leaked", why="a blog tells it"))
    assert rules("libvirt", rated("Important"), PROPOSED, AGREED, SET, ended, public) == []
    assert rules("qemu", rated("Important"), INVITED, letter("sec@vendor.example")) == ["party-permission"]
    assert rules("qemu", rated("Important"), INVITED, PERMITTED, letter("sec@vendor.example")) == []


def test_a_list_outside_is_told_only_when_this_process_lets_it() -> None:
    """The kernel: linux-distros only after a fix is accepted."""
    distros = "linux-distros@vs.openwall.org"
    when = ("2026-02-23", ListTold(list=distros, proof="m6@t"))  # type: ignore[arg-type]
    fix = ("2026-02-22", FixProposed(version=1, commit="abc", trailers=("Reported-by: A. Roe <roe@example.net>",)))
    for story in (when, letter(distros)):
        (objection,) = told("kernel", rated("Important"), story, now="2026-03-01").objections
        assert objection.rule == "linux-distros.needs"
        assert "docs.kernel.org" in objection.source
        assert rules("kernel", rated("Important"), fix, story) == []


def test_a_case_has_one_id() -> None:
    again = ("2026-02-23", CaseAccepted(id="X-2026-002"))  # type: ignore[arg-type]
    assert rules("qemu", again) == ["accept"]
    first, second = (tell(*received(), ACK, (day, TAKEN[1]), case=case) for case, day in ((1, "2026-02-22"), (2, "2026-02-21")))
    later, earlier = replay([*first, *second], shipped("qemu"), at("2026-03-01"))
    assert [one.rule for one in later.objections] == ["accept.taken"]
    assert later.objections[0].sentence == "X-2026-001 is the id of #2: each case has its own."
    assert earlier.objections == ()
