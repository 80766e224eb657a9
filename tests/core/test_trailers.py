"""Trailers produced from a case, and a message checked against it (F3), by clause."""

import msgspec

from seccon.core.case import Case, fold
from seccon.core.journal.cases import CaseAccepted, CreditSet, PublicityFlagged
from seccon.core.journal.embargoes import EmbargoEnded, EmbargoProposed, EmbargoSet
from seccon.core.journal.work import BugOpened, CveAssigned, FixProposed
from seccon.core.patch_check import check
from seccon.core.policy import Policy
from seccon.core.repository import Message
from seccon.core.trailers import Fault, lacking_trailers, trailers, unknown_trailers
from tests.story import at, received, shipped, tell

CVE = ("2026-02-22", CveAssigned(cve="CVE-2026-1234", by="Vendor"))
BUG = ("2026-02-22", BugOpened(url="https://bugs.example.org/1", public=False))
SET = ("2026-02-22", EmbargoSet(proposal="p1", until=at("2026-03-06")))
ENDED = ("2026-03-06", EmbargoEnded(reason="released"))
TESTED = (
    "2026-02-23",
    FixProposed(version=1, commit="abc", testers=("Tess <t@example.org>",), reviewers=("Bob <b@example.org>",)),
)
FAULT = Fault("9201bb9a8c7d00112233445566778899aabbccdd", "sdhci: do it faster")
ROE = "Reported-by: A. Roe <roe@example.net>"


def case(*events: object) -> Case:
    return fold(tell(*received(), *events))  # type: ignore[arg-type]


def credit(text: str) -> tuple[str, CreditSet]:
    return ("2026-02-21", CreditSet(report="r1@example.net", credit=text, evidence="mail"))  # type: ignore[arg-type]


def policy(*names: str) -> Policy:
    return msgspec.structs.replace(shipped("qemu"), trailers=names or shipped("qemu").trailers)


def lines(of: Case, like: Policy | None = None, *faults: Fault) -> list[str]:
    return [str(one) for one in trailers(of, like or policy(), faults) if not one.held]


def test_each_policy_has_its_own_form_of_the_same_facts() -> None:
    known = case(CVE, BUG, TESTED)
    assert lines(known) == ["CVE: CVE-2026-1234", "Bug: https://bugs.example.org/1", ROE, "Tested-by: Tess <t@example.org>"]
    assert lines(known, shipped("qemu-2026-06"), FAULT) == [
        "Fixes: CVE-2026-1234", 'Fixes: 9201bb9a8c7d ("sdhci: do it faster")', "Resolves: https://bugs.example.org/1",
        "Reviewed-by: Bob <b@example.org>",
    ]  # fmt: skip
    assert unknown_trailers(known, shipped("qemu-2026-06"), (FAULT,)) == ("Signed-off-by",)


def test_a_reporter_is_named_as_they_wish_and_not_at_all_where_they_do_not() -> None:
    """D4: their words; who has not been asked is named as they wrote."""
    assert ROE in lines(case())
    assert "Reported-by: R0E of Example Labs" in lines(case(credit("R0E of Example Labs")))
    assert ROE in lines(case(credit("a. roe"))) or "Reported-by: a. roe <roe@example.net>" in lines(case(credit("a. roe")))
    assert "Reported-by: Jo <jo@x.example>" in lines(case(credit("Jo <jo@x.example>; Al")))
    for none in ("", "anonymous"):
        assert not [one for one in lines(case(credit(none))) if "Reported-by" in one]


def test_nothing_telling_is_given_while_an_embargo_holds_or_is_being_agreed() -> None:
    """E10: a commit is public; the id and the link are held back, until a person ends it or the matter is public."""
    proposed = ("2026-02-21", EmbargoProposed(proposal="p1", until=at("2026-03-06"), party="team"))
    for secret in (SET, proposed):
        known = case(CVE, BUG, secret)
        assert lines(known) == [ROE]
        assert [one.name for one in trailers(known, policy()) if one.held] == ["CVE", "Bug"]
        assert lacking_trailers(known, policy(), (ROE,)) == ()
    assert "CVE: CVE-2026-1234" in lines(case(CVE, SET, ENDED))
    assert "CVE: CVE-2026-1234" in lines(case(CVE, SET, ("2026-02-25", PublicityFlagged(public=True, evidence="x"))))


def flaws(
    of: Case, subject: str, *borne: str, body: str = "", like: Policy | None = None, faults: tuple[Fault, ...] = ()
) -> list[str]:
    whole = "\n".join([body, "", *borne])
    return [f"{one.kind}: {one.sentence}" for one in check(of, like or policy(), [Message(subject, whole, borne)], faults)]


def test_a_whole_message_has_no_flaw() -> None:
    known = case(CVE, BUG, TESTED)
    borne = ("cve: cve-2026-1234", "Bug:  https://bugs.example.org/1/", ROE, "Tested-by: Tess <t@example.org>")
    assert flaws(known, "sdhci: fix a heap overflow", *borne) == [], "after the embargo words tell nothing"


def test_what_is_missing_is_named_as_the_line_to_add() -> None:
    assert flaws(case(CVE, BUG), "sdhci: fix") == [
        "missing: CVE: CVE-2026-1234", "missing: Bug: https://bugs.example.org/1", f"missing: {ROE}",
        "missing: Tested-by: its author knows",
    ]  # fmt: skip
    assert "missing: CVE: the case has no CVE id yet, C records it" in flaws(case(), "sdhci: fix")


def test_another_id_link_name_or_commit_is_wrong() -> None:
    known, like = case(CVE, BUG), policy("CVE", "Fixes", "Resolves", "Reported-by")
    found = flaws(
        known, "sdhci: fix", "CVE: CVE-2026-9999", "Resolves: https://bugs.example.org/2", "Reported-by: Mal <m@x.example>",
        "Fixes: 012345678901 (\"other\")", like=like, faults=(FAULT,),
    )  # fmt: skip
    assert [one for one in found if one.startswith("wrong")] == [
        "wrong: It bears CVE-2026-9999; the case is CVE-2026-1234.",
        "wrong: It links https://bugs.example.org/2; the case's bug is https://bugs.example.org/1.",
        "wrong: It names Mal <m@x.example>; the case credits A. Roe <roe@example.net>.",
        "wrong: It names 012345678901; the fault came with 9201bb9a8c7d.",
    ]
    assert len([one for one in found if one.startswith("missing")]) == 4
    called = flaws(known, "s", 'Fixes: 9201bb9a8c7d ("sdhci: do it")', like=like, faults=(FAULT,))
    assert "wrong: It calls 9201bb9a8c7d “sdhci: do it”; its subject is “sdhci: do it faster”." in called
    assert any("12 digits are wanted" in one for one in flaws(known, "s", "Fixes: 9201bb9", like=like, faults=(FAULT,)))


def test_words_ids_and_links_tell_too_much_while_the_embargo_holds() -> None:
    private = ("2026-02-22", BugOpened(url="https://bugs.example.org/private/7", public=False))
    known = case(CVE, private, ("2026-02-21", CaseAccepted(id="Q-2026-041")), SET)  # type: ignore[arg-type]
    body = "An attacker can exploit it. CVE-2026-1234, q-2026-041\nhttps://bugs.example.org/private/7"
    found = [one for one in flaws(known, "sdhci: fix heap-overflow (security)", ROE, body=body) if one.startswith("telling")]
    for told in ("heap-overflow", "security", "attacker", "exploit", "cve-2026-1234", "Q-2026-041", "private/7"):
        assert any(told in one for one in found), told
    assert flaws(known, "sdhci: check the length before the copy", ROE, "Tested-by: T <t@x.example>") == []
    assert flaws(known, "sdhci: insecurely stackable dosage", ROE, "Tested-by: T")[:1] == [
        "telling: The word “insecurely” tells what is mended."
    ], "whole words"
    assert not [one for one in flaws(known, "x", ROE, "Signed-off-by: Secure Exploit <security@example.org>") if "telling" in one]


def test_a_reporter_who_wants_no_credit_is_told_of_always() -> None:
    known = case(credit(""), CVE)
    found = flaws(known, "sdhci: fix", "Reported-by: A. Roe <other@example.org>", "CVE: CVE-2026-1234", like=policy("CVE"))
    assert found == ["telling: It names a reporter who wants no credit."]


def test_of_a_series_each_patch_is_checked_and_all_together_bear_the_trailers() -> None:
    known = case(CVE)
    series = [Message("one", "", ("CVE: CVE-2026-1234",)), Message("two", "", (ROE, "CVE: CVE-2025-1"))]
    found = check(known, policy("CVE", "Reported-by"), series)
    assert [(one.kind, one.patch) for one in found] == [("wrong", 2)] or found == ()
    bad = check(known, policy("CVE", "Reported-by"), [series[0], Message("two", "", (ROE, "CVE: CVE-2025-11111"))])
    assert [(one.kind, one.patch) for one in bad] == [("wrong", 2)]


def test_a_hostile_message_takes_no_time_and_changes_nothing() -> None:
    evil = "heap" * 20_000 + " " + "(" * 20_000 + "\x1b]52;c;AAAA\x07"
    assert flaws(case(SET), evil, ROE, "Tested-by: x", "Fixes: " + "a" * 5000 + '("' * 5000) == []
