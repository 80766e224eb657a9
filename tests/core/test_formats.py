"""Forms of the advisory (D2): each valid by a schema that was not written here, and told by the same case."""

import json
from pathlib import Path

import msgspec
import pytest
from csaf.csaf import v20
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from lxml import etree
from markdown_it import MarkdownIt

from seccon.core.advisory import Advisory, advisory
from seccon.core.advisory_rule import Product
from seccon.core.case import Case
from seccon.core.formats import FORMS, document, form_of
from seccon.core.formats.markdown import escaped
from seccon.core.ids import CveId
from seccon.core.journal.cases import Assessed, CreditSet
from seccon.core.journal.disclosure import Reference
from seccon.core.journal.embargoes import EmbargoSet
from seccon.core.journal.work import CveAssigned
from seccon.core.policy import Branch, Policy
from tests.core.advisories import ACCEPTED, CVSS, FIX, FULL, MASTER, NOW, OLD, POLICY, REPORT, STABLE, WORDS, but, of
from tests.core.test_cve_format import BUNDLED, CveRecord

SCHEMAS = Path(__file__).parent.parent / "data" / "schemas"
OSV = Draft202012Validator(json.loads((SCHEMAS / "osv.json").read_text()), format_checker=FormatChecker())
RNG = (SCHEMAS / "security-notice.rng").read_text()
NAMES = {"CWE-787": "Out-of-bounds Write"}


def grammar(xmlns: str) -> etree.RelaxNG:
    return etree.RelaxNG(etree.fromstring(RNG.replace("http://security.libvirt.org/xmlns/security-notice/1.0", xmlns).encode()))


GRAMMAR = grammar(POLICY.advisory.xmlns)


def judge(name: str, text: str) -> None:
    """Let the form's own judge speak."""
    text.encode()
    if name in ("text", "md"):
        return
    if name == "lsn":
        GRAMMAR.assertValid(etree.fromstring(text.encode()))
        return
    value = json.loads(text)
    if name == "cve":
        CveRecord.validate(value, BUNDLED)
    elif name == "cna":
        CveRecord.validate(value)
    elif name == "osv":
        OSV.validate(value)
    else:
        report = v20.validate(value, preset="basic")
        assert report.overall_valid, [(one.id, one.errors) for one in report.results if not one.passed and not one.skipped]


def written(name: str, *bodies, policy: Policy = POLICY, draft: bool = False, **given) -> str:
    found = document(form_of(name), advisory(of(*bodies), policy, draft=draft, weaknesses=NAMES, **given))
    assert found.lacks == (), [str(one) for one in found.lacks]
    judge(name, found.text)
    return found.text


ALL = [one.id for one in FORMS]


@pytest.mark.parametrize("name", ALL)
def test_a_full_case_is_valid_in_every_form(name: str) -> None:
    text = written(name, *FULL)
    assert "frobnicator" in text
    assert "DRAFT" not in text


@pytest.mark.parametrize("name", ALL)
def test_a_draft_is_valid_and_bears_its_mark(name: str) -> None:
    text = written(name, *ACCEPTED, WORDS, STABLE, draft=True)
    assert "TLP:RED" in text
    assert "2026-03-16 12:00Z" in text


def test_the_judges_are_awake() -> None:
    for name in ("csaf", "osv", "lsn"):
        with pytest.raises(Exception, match=r"."):
            judge(name, "<security-notice/>" if name == "lsn" else "{}")


def csaf(*bodies, **given) -> dict:
    return json.loads(written("csaf", *bodies, **given))


def test_csaf_passes_what_is_recommended_as_far_as_the_case_can_know() -> None:
    """Where the file will lie (6.2.11), and hashes, purls or CPEs of each version (6.2.16), are nobody's to know before."""
    report = v20.validate(csaf(*FULL), preset="extended")
    assert [one.id for one in report.results if not one.passed and not one.skipped] == ["6.2.11", "6.2.16"]


def test_csaf_tells_each_version_once_with_its_state() -> None:
    told = csaf(*FULL)
    leaves = told["product_tree"]["branches"][0]["branches"][0]["branches"]
    names = {one["product"]["product_id"]: one["name"] for one in leaves}
    one = told["vulnerabilities"][0]
    assert {state: [names[each] for each in ids] for state, ids in one["product_status"].items()} == {
        "known_affected": ["v1.0", "v1.1", "v1.0.1"], "fixed": ["v1.2"],
    }  # fmt: skip
    assert one["cwe"] == {"id": "CWE-787", "name": "Out-of-bounds Write"}
    assert one["scores"][0]["cvss_v3"]["baseScore"] == 7.8
    assert [each["category"] for each in one["remediations"]] == ["vendor_fix", "workaround"]
    assert told["document"]["distribution"]["tlp"]["label"] == "WHITE"
    assert [each.get("names") for each in told["document"]["acknowledgments"]] == [["A. Reporter"], ["Pat Cher"]]


def test_csaf_counts_the_changes_after_publication() -> None:
    tracking = csaf(*FULL, but(impact="Worse than that."), but(impact="Not so bad."))["document"]["tracking"]
    assert (tracking["version"], [one["number"] for one in tracking["revision_history"]]) == ("3", ["1", "2", "3"])
    assert (tracking["id"], tracking["status"]) == ("EX-2026-0003", "final")


def test_several_ids_of_one_notice_are_told_by_all_forms() -> None:
    more = but(also=(CveId("CVE-2026-99999"),))
    assert [one["cve"] for one in csaf(*FULL, more)["vulnerabilities"]] == ["CVE-2026-12345", "CVE-2026-99999"]
    assert json.loads(written("osv", *FULL, more))["related"] == ["CVE-2026-99999"]
    assert "2026-99999" in written("lsn", *FULL, more)


@pytest.mark.parametrize("name", ALL)
def test_a_bug_of_a_tracker_without_pages_is_told_where_a_form_has_a_place_for_it(name: str) -> None:
    """2015-0004 names FICORA's 876194, for which there is no link."""
    bug = but(references=(*WORDS.references, Reference("FICORA#876194", "report")))
    text = written(name, *FULL, bug)
    assert ("876194" in text) is (name in ("text", "md", "lsn"))
    if name == "lsn":
        assert '<bug tracker="FICORA" id="876194" />' in text
    assert advisory(of(*FULL, bug), POLICY).malformed == ()


def test_osv_tells_where_the_fault_came_in_and_where_it_went() -> None:
    one = json.loads(written("osv", *FULL))["affected"][0]
    assert one["ranges"][0] == {
        "type": "GIT", "repo": "https://example.org/widget.git", "events": [{"introduced": OLD}, {"fixed": FIX}],
    }  # fmt: skip
    assert one["versions"] == ["v1.0", "v1.1", "v1.0.1"]
    short = msgspec.structs.replace(MASTER, commit="abc123")
    lacks = document(form_of("osv"), advisory(of(*FULL, short), POLICY)).lacks
    assert [(one.what, one.key) for one in lacks] == [("'abc123' is no whole commit hash", "F")]


def test_a_package_of_an_ecosystem_is_told_by_its_name_there() -> None:
    product = msgspec.structs.replace(POLICY.advisory.product[0], ecosystem="PyPI", purl="pkg:pypi/widget")
    policy = msgspec.structs.replace(POLICY, advisory=msgspec.structs.replace(POLICY.advisory, product=(product,)))
    one = json.loads(written("osv", *FULL, policy=policy))["affected"][0]
    assert one["package"] == {"ecosystem": "PyPI", "name": "widget", "purl": "pkg:pypi/widget"}


def test_the_notice_has_its_parts_in_their_order() -> None:
    root = etree.fromstring(written("lsn", *FULL).encode())
    at = "{http://example.org/xmlns/security-notice/1.0}"
    assert [one.tag.removeprefix(at) for one in root] == [
        "id", "summary", "description", "impact", "workaround", "credits", "lifecycle", "reference", "product",
    ]  # fmt: skip
    assert root.findtext(f"{at}lifecycle/{at}reported") == "20260302"
    bug = root.find(f"{at}reference/{at}bug")
    assert dict(bug.attrib) == {"tracker": "example", "id": "77"}
    master = root.find(f"{at}product/{at}branch")
    assert [(one.tag.removeprefix(at), one.get("state"), one.text) for one in master] == [
        ("name", None, "master"), ("tag", "vulnerable", "v1.0"), ("tag", "vulnerable", "v1.1"), ("change", "vulnerable", OLD),
        ("tag", "fixed", "v1.2"), ("change", "fixed", FIX),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ALL)
def test_nothing_at_all_is_named_and_not_written(name: str) -> None:
    found = document(form_of(name), advisory(of(), POLICY))
    assert found.text == ""
    assert any("no title" in str(one) for one in found.lacks)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("credit", ["", "anonymous", "only@x.example", "A; B <b@x.example>"])
def test_every_wish_for_credit_is_valid_in_every_form(name: str, credit: str) -> None:
    text = written(name, *FULL, CreditSet(report=REPORT, credit=credit))
    assert "A. Reporter" not in text


@pytest.mark.parametrize("name", ALL)
def test_a_branch_with_commits_alone_and_one_that_is_not_affected_are_valid(name: str) -> None:
    bare = msgspec.structs.replace(MASTER, vulnerable_tags=(), fixed_tags=())
    clean = msgspec.structs.replace(STABLE, state="not-affected", introduced=(), vulnerable_tags=())
    written(name, *FULL, bare, clean)


def test_markdown_shows_hostile_text_as_text() -> None:
    evil = "# x <script>alert(1)</script> [a](javascript:b) ![i](http://e/p.png) `c` **d** https://evil.example www.e.example |t|"
    html = MarkdownIt("gfm-like").render(
        written("md", *FULL, but(description=evil, impact="- a\n- b", workaround="1. c\n\n---\n\n    d"))
    )
    body = html.partition("<h2>Affected")[0]
    for sign in ("<script", "<a href", "<img", "<code>", "<strong>d", "<hr", "<pre", "<table"):
        assert sign not in body, sign
    assert "<li>a</li>" in body, "a list is all that a text can be"


HOSTILE = st.text(
    st.one_of(st.characters(), st.sampled_from("<>&\"'`*_#[]()!|\\-+=~:\n\r\t\x00\x1b\u202e\u200b\ufffe\ud800]]>")), max_size=60
)
FORGED = st.sampled_from(
    ["]]><x/>", "-->", "</summary>", "Impact\n------", "```\n# h", "<https://evil.example>", "&#x202e;", "1. a\n2. b", "=====",
     "http://evil.example", "mailto:a@b.example", "a@b.example", "| a |\n|---|", "[^1]: x", "[a]: http://x", "\\", "\t\tcode"]
)  # fmt: skip
TEXT = st.one_of(HOSTILE, st.lists(st.one_of(HOSTILE, FORGED), max_size=4).map("\n".join))


@given(TEXT)
@settings(max_examples=300)
def test_no_text_breaks_out_of_markdown(text: str) -> None:
    """CommonMark and GitHub's additions give back one paragraph that says what was written."""
    safe = escaped(text)
    if not safe:
        return
    github = MarkdownIt("gfm-like")
    assert github.linkify is not None
    github.linkify.set({"fuzzy_link": False})  # GitHub makes no link of a bare `a.gl`, which markdown-it would
    tokens = github.parse(safe)
    assert [one.type for one in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    parts = tokens[1].children or []
    assert {one.type for one in parts} <= {"text", "text_special"}
    from seccon.core.wording import line

    assert "".join(one.content for one in parts) == line(text)


LINKS = st.sampled_from(["https://example.org/a%20b?c=d#e", "https://example.org/~x/(1)", "https://example.org/'x',y"])
BAD_LINKS = st.one_of(TEXT, st.sampled_from(["http://[::1]/", "javascript:alert(1)", "https://a b", "https://e.org/>"]))
SAID = TEXT.map(lambda text: f"A {text} z")
"""Hostile, and something is left of it."""


def mostly(good: st.SearchStrategy, bad: st.SearchStrategy = TEXT) -> st.SearchStrategy:
    """Give something bad in one of ten: with many of them no document is ever written."""
    return st.integers(0, 9).flatmap(lambda chance: bad if chance == 0 else good)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Any case: hostile words, names, links, branches."""
    words = but(
        title=draw(mostly(SAID)), description=draw(mostly(SAID)), impact=draw(TEXT), workaround=draw(TEXT),
        notice=draw(mostly(st.just("2026-0003"))), cwe=draw(mostly(st.sampled_from(["CWE-787", "CWE-1", ""]))),
        patchers=tuple(draw(st.lists(TEXT, max_size=2))),
        references=tuple(Reference(one) for one in draw(st.lists(mostly(LINKS, BAD_LINKS), max_size=2))),
    )  # fmt: skip
    tags = st.lists(mostly(st.sampled_from(["v1.0", "v1.1", "v2.0-rc1", "v<3"]), SAID), max_size=2)
    branch = msgspec.structs.replace(
        MASTER,
        commit=draw(mostly(st.sampled_from([FIX, OLD]))),
        introduced=tuple(draw(st.lists(mostly(st.sampled_from([FIX, OLD])), max_size=2))),
        vulnerable_tags=tuple(draw(tags)),
        fixed_tags=tuple(draw(tags)),
    )
    other = msgspec.structs.replace(STABLE, branch=draw(mostly(st.just("stable-1.0"), SAID)))
    rating = Assessed(genuine="yes", misuse="yes", severity=draw(TEXT), cvss=draw(st.sampled_from([CVSS, ""])))
    return of(*FULL, words, branch, other, rating, CreditSet(report=REPORT, credit=draw(TEXT)))


@given(cases(), st.sampled_from(ALL), st.booleans())
@settings(max_examples=300)
def test_any_case_gives_a_valid_document_or_a_named_refusal(case: Case, name: str, draft: bool) -> None:
    told: Advisory = advisory(case, POLICY, draft=draft, weaknesses=NAMES)
    found = document(form_of(name), told)
    assert bool(found.text) is not bool(found.lacks)
    if found.text:
        judge(name, found.text)
        assert not set(found.text) & set("\x00\x1b\u202e\u200b\ufffe")
    else:
        assert all(one.what for one in found.lacks)


def test_a_name_keeps_the_joiners_that_its_script_needs() -> None:
    name = "\u0645\u06cc\u200c\u0646\u0627"
    assert name in written("lsn", *FULL, CreditSet(report=REPORT, credit=name))


@pytest.mark.parametrize("name", ALL)
def test_an_issue_of_two_products_tells_each_with_its_repository_and_branches(name: str) -> None:
    tools = Product("tools", "tools.git", "https://example.org/tools.git", "https://example.org/tools/commit/", "Example")
    rule = msgspec.structs.replace(POLICY.advisory, product=(*POLICY.advisory.product, tools))
    branch = (*POLICY.branch, Branch("tools/master", product="tools"))
    policy = msgspec.structs.replace(POLICY, advisory=rule, branch=branch)
    both = msgspec.structs.replace(MASTER, branch="tools/master", commit="c" * 40, vulnerable_tags=("t1",), fixed_tags=())
    text = written(name, *FULL, both, policy=policy)
    assert all(said in text for said in ("widget", "tools", "c" * 40))
    if name == "lsn":
        root = etree.fromstring(text.encode())
        at = f"{{{POLICY.advisory.xmlns}}}"
        assert [
            (one.get("name"), one.findtext(f"{at}repository"), [each.text for each in one.iterfind(f"{at}branch/{at}name")])
            for one in root.iterfind(f"{at}product")
        ] == [("widget", "widget.git", ["master", "stable-1.0"]), ("tools", "tools.git", ["master"])]
    if name == "osv":
        assert [one["ranges"][0]["repo"] for one in json.loads(text)["affected"]] == [
            "https://example.org/widget.git", "https://example.org/tools.git",
        ]  # fmt: skip


def test_file_names_hold_nothing_that_a_system_obeys() -> None:
    told = advisory(of(*FULL, but(notice="../../etc/passwd")), POLICY)
    assert document(form_of("lsn"), told).name == "ex-______etc_passwd.xml"
    assert document(form_of("cna"), told).name == "cve-2026-12345-cna.json"


def test_two_embargoes_later_the_draft_still_bears_the_date_in_force() -> None:
    again = EmbargoSet(proposal="p2", until=NOW)
    text = written("text", *FULL, again, CveAssigned(cve=CveId("CVE-2026-12345"), by="x"), draft=True)
    assert f"{NOW:%Y-%m-%d %H:%M}Z" in text


def test_a_list_stays_a_list_in_text_and_in_markdown() -> None:
    """Whoever writes three points does not find them run together; hand-wrapped lines still do."""
    given = "Two ways\nlead there:\n- by a socket\n  of the host\n- by 2. a file\n\n1. update\n2) restart"
    from seccon.core.formats.markdown import prose
    from seccon.core.formats.text import _indented
    from seccon.core.wording import paragraphs

    assert paragraphs(given) == [
        ["Two ways lead there:", "- by a socket of the host", "- by 2. a file"],
        ["1. update", "2) restart"],
    ]
    assert _indented(given) == [
        "  Two ways lead there:", "  - by a socket of the host", "  - by 2. a file", "", "  1. update", "  2) restart",
    ]  # fmt: skip
    assert prose(given) == "Two ways lead there:\n\n* by a socket of the host\n* by 2. a file\n\n1. update\n2) restart"
