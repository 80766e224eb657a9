"""The advisory's words at the desk, and what is let pass (D2 D3): verbs decide on literals, nothing is written."""

import pytest

from seccon.core.case import Case, fold
from seccon.core.errors import RefusedError
from seccon.core.journal.disclosure import AdvisorySet, Reference
from seccon.core.journal.embargoes import EmbargoSet
from seccon.core.journal.entry import body_from_json, body_to_json
from seccon.desk.advisory import PassFinding, SetAdvisory, references, written
from tests.story import at, received, shipped, tell

NOW = at("2026-03-01")
AT = {"case": 1, "seen": 3}


def case(*events) -> Case:
    return fold(tell(*received(), *events))


def decide(request, *events):
    return list(request.decide(case(*events), shipped("qemu"), NOW))


def refused(request, *events) -> str:
    with pytest.raises(RefusedError) as error:
        decide(request, *events)
    return error.value.rule


def test_words_are_trimmed_and_what_was_let_pass_stays() -> None:
    before = ("2026-02-22", AdvisorySet(title="a", passed={"cwe": "none fits"}))
    (body,) = decide(SetAdvisory(**AT, words=AdvisorySet(title=" b ", cwe=" cwe-20 ", passed={"x": "y"})), before)
    assert (body.title, body.cwe, body.passed) == ("b", "CWE-20", {"cwe": "none fits"})
    assert refused(SetAdvisory(**AT, words=AdvisorySet(title="a ")), before) == "advisory.same"


def test_a_day_by_hand_wants_its_reason_and_a_further_id_its_form() -> None:
    assert refused(SetAdvisory(**AT, words=AdvisorySet(title="a", fixed=NOW))) == "advisory.dates"
    assert decide(SetAdvisory(**AT, words=AdvisorySet(title="a", fixed=NOW, dates_because="git says so")))
    assert refused(SetAdvisory(**AT, words=AdvisorySet(also=("CVE-1",)))) == "cve.form"


def test_only_what_the_gate_finds_is_let_pass_and_never_the_embargo() -> None:
    held = ("2026-02-21", EmbargoSet(proposal="p1", until=at("2026-03-06")))
    assert refused(PassFinding(**AT, finding="embargo", why="in a hurry"), held) == "gate.embargo"
    assert refused(PassFinding(**AT, finding="nonsense", why="x"), held) == "gate.none"
    assert refused(PassFinding(**AT, finding="cve", why=" ")) == "gate.why"
    (body,) = decide(PassFinding(**AT, finding="cve", why=" no  CNA "), held)
    assert body.passed == {"cve": "no CNA"}
    (back,) = decide(PassFinding(**AT, finding="cve", why=""), held, ("2026-02-22", body))
    assert back.passed == {}


def test_words_come_back_from_the_journal_as_they_were_written() -> None:
    """A link's kind is not the entry's, and is kept."""
    words = AdvisorySet(title="a", references=references("fix: https://a/1"), fixed=NOW, passed={"kind": "x"})
    assert body_from_json("advisory-set", body_to_json(words)) == words


def test_links_are_read_as_they_are_written() -> None:
    given = references("fix: https://a/1;report: https://b/2 https://c/3")
    assert given == (Reference("https://a/1", "fix"), Reference("https://b/2", "report"), Reference("https://c/3"))
    assert references(written(given)) == given
