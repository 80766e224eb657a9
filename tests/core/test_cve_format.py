"""The CVE Record (D2): valid by the schema that cvelib ships, and its facts those of the case."""

import json
from datetime import timedelta

import msgspec
import pytest
from cvelib.cve_api import CveRecord, CveRecordValidationError

from seccon.core.advisory import advisory
from seccon.core.formats import FORMS, document, form_of
from seccon.core.formats.cna import cna_container
from seccon.core.formats.cve import cve_record
from seccon.core.ids import CveId
from seccon.core.instants import to_text
from seccon.core.journal.cases import Assessed, CreditSet
from seccon.core.journal.disclosure import CvePublished, Reference
from seccon.core.journal.embargoes import EmbargoSet
from tests.core.advisories import ACCEPTED, CVSS, FIX, FULL, MASTER, OLD, POLICY, REPORT, STABLE, START, WORDS, but, of

BUNDLED = str(CveRecord.Schemas.CNA_PUBLISHED).replace("cnaPublishedContainer", "bundled")


def valid(told) -> dict:
    container = cna_container(told)
    CveRecord.validate(container)
    record = cve_record(told)
    CveRecord.validate(record, BUNDLED)
    return record


def test_the_schemas_of_cvelib_judge_and_do_not_nod() -> None:
    with pytest.raises(CveRecordValidationError):
        CveRecord.validate({})
    with pytest.raises(CveRecordValidationError):
        CveRecord.validate({"dataType": "CVE_RECORD"}, BUNDLED)


def test_a_record_is_valid_and_tells_the_case() -> None:
    record = valid(advisory(of(*FULL), POLICY))
    cna = record["containers"]["cna"]
    assert record["cveMetadata"]["cveId"] == "CVE-2026-12345"
    assert cna["title"] == WORDS.title
    assert cna["descriptions"][0]["value"].startswith("The frobnicator trusts")
    assert cna["problemTypes"][0]["descriptions"][0]["cweId"] == "CWE-787"
    assert cna["metrics"][0]["cvssV3_1"] == {"version": "3.1", "vectorString": CVSS, "baseScore": 7.8, "baseSeverity": "HIGH"}
    assert cna["workarounds"][0]["value"] == WORDS.workaround
    assert [(one["value"], one["type"]) for one in cna["credits"]] == [
        ("A. Reporter <a@reporter.example>", "finder"), ("Pat Cher <pat@example.org>", "remediation developer"),
    ]  # fmt: skip
    assert [one["url"] for one in cna["references"]] == [
        "https://example.org/notices/2026-0003.html", "https://bugs.example.org/77", "https://example.org/story",
        f"https://example.org/widget/commit/{FIX}",
    ]  # fmt: skip


def test_the_day_of_the_record_is_not_the_day_of_the_matter() -> None:
    """CVE-2023-3354 was made public on 2023-06-28, its record on 2023-07-11: `datePublic`, `datePublished`."""
    public = advisory(of(*FULL), POLICY)
    assert "datePublished" not in valid(public)["cveMetadata"], "nobody knows of a record that is public"
    assert public.published is not None
    for when, told in ((None, "2026-03-14"), (START + timedelta(days=20), "2026-03-22")):
        record = valid(advisory(of(*FULL, CvePublished(cve=CveId("CVE-2026-12345"), when=when)), POLICY))
        assert record["cveMetadata"]["datePublished"].startswith(told)
        assert record["containers"]["cna"]["datePublic"] == to_text(public.published)


def test_commits_are_ranges_and_tags_are_versions() -> None:
    git, tags = cna_container(advisory(of(*FULL), POLICY))["affected"]
    assert git["versions"] == [{"version": OLD, "lessThan": FIX, "status": "affected", "versionType": "git"}]
    assert git["repo"] == "https://example.org/widget.git"
    assert [(one["version"], one["status"]) for one in tags["versions"]] == [
        ("v1.0", "affected"), ("v1.1", "affected"), ("v1.0.1", "affected"), ("v1.2", "unaffected"),
    ]  # fmt: skip


def test_a_fault_without_a_fix_has_no_end() -> None:
    told = advisory(of(*ACCEPTED, WORDS, STABLE), POLICY)
    assert valid(told)["containers"]["cna"]["affected"][0]["versions"][0]["lessThan"] == "*"


@pytest.mark.parametrize(
    "vector",
    [
        "CVSS:4.0/AV:L/AC:L/AT:N/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N",
        "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N",
        "CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H/E:P/RL:O/RC:C",
        "",
    ],
)
def test_every_vector_that_a_rating_may_bear_gives_a_valid_record(vector: str) -> None:
    rating = Assessed(genuine="yes", misuse="yes", severity="Low", cvss=vector)
    cna = valid(advisory(of(*FULL, rating), POLICY))["containers"]["cna"]
    assert cna["metrics"][-1]["other"]["content"]["value"] == "Low"


@pytest.mark.parametrize(
    ("credit", "said"),
    [
        ("", []), ("anonymous", ["an anonymous reporter"]), ("Jane Doe", ["Jane Doe"]),
        ("Ann <ann@x.example>; Bob of Example Labs; Ann <ann@x.example>", ["Ann <ann@x.example>", "Bob of Example Labs"]),
        ("only@x.example", ["only@x.example"]),
    ],
)  # fmt: skip
def test_credit_is_as_the_reporter_asked_for_it(credit: str, said: list[str]) -> None:
    """D4."""
    cna = valid(advisory(of(*FULL, CreditSet(report=REPORT, credit=credit)), POLICY))["containers"]["cna"]
    assert [one["value"] for one in cna["credits"] if one["type"] == "finder"] == said


def test_a_reporter_whose_wish_is_not_known_is_not_named() -> None:
    bodies = [one for one in FULL if not isinstance(one, CreditSet)]
    assert "Reporter" not in json.dumps(cve_record(advisory(of(*bodies), POLICY)))


def test_what_a_record_lacks_is_named_and_nothing_is_written() -> None:
    poor = msgspec.structs.replace(POLICY, advisory=msgspec.structs.replace(POLICY.advisory, cna_id="", page=""))
    told = advisory(of(but(title="", references=(Reference("javascript:alert(1)"),), cwe="787")), poor)
    found = document(form_of("cve"), told)
    assert found.text == ""
    assert [one.key for one in found.lacks] == ["C", "", "E", "E", "F", "E", "E"]
    assert "javascript:alert(1)" in str(found.lacks[3])


def test_a_draft_says_so_and_tells_no_day_of_publication() -> None:
    bodies = (*ACCEPTED, WORDS, MASTER)
    told = advisory(of(*bodies, EmbargoSet(proposal="p2", until=MASTER.when)), POLICY, draft=True)
    record = valid(told)
    assert "TLP:RED" in record["containers"]["cna"]["x_draft"]
    assert "datePublic" not in record["containers"]["cna"]


def test_forms_have_names_of_their_own() -> None:
    assert len({one.id for one in FORMS}) == len(FORMS)
    with pytest.raises(KeyError):
        form_of("pdf")
