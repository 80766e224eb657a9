"""The guard on announcements (D1 D3 E10): released, to the policy's lists alone, out of nobody's thread, past the gate."""

from typing import Any

import msgspec
import pytest

from seccon.core.addressee import Trust
from seccon.core.circle import Circle
from seccon.core.guard import judge
from seccon.core.ids import MessageId, address_key
from seccon.core.letter import ANNOUNCEMENT, Choice, Letter, Recipient, Sheet
from seccon.core.policy import MailingList
from seccon.core.report import Address
from tests.story import at

TEAM, DEVEL, ROE = "security@team.example.org", "devel@lists.example.org", "roe@example.net"
PUBLIC = Circle(
    label="LV-2026-001", public=True, own=frozenset({TEAM}), lists=(MailingList(DEVEL, public=True, purpose=("announce",)),),
    announces=frozenset({address_key(DEVEL)}),
)  # fmt: skip
LETTER = Letter(
    id="l1", case=1, identity=TEAM, recipients=(Recipient(DEVEL, role="list"),), subject="CVE-2026-1: it", text="It is.\n",
    protection="clear", purpose=ANNOUNCEMENT,
)  # fmt: skip


def sheet(circle: Circle = PUBLIC, **changes: Any) -> Sheet:
    trust: dict[str, Trust] = {}
    return judge(msgspec.structs.replace(LETTER, **changes), circle, trust, Address("Team", TEAM), None, at("2026-03-07"))


def rules(found: Sheet) -> list[str]:
    return [one.rule for one in found.refusals]


def test_what_is_released_goes_to_the_lists() -> None:
    assert rules(sheet()) == []


@pytest.mark.parametrize("embargoed", [True, False])
def test_nobody_can_set_the_release_aside(embargoed: bool) -> None:
    secret = msgspec.structs.replace(PUBLIC, public=False, embargoed=embargoed)
    choices = tuple(
        Choice(rule, "overridden", recipient, "I want to")
        for rule in ("announce-early", "public-list", "clear-secret", "telling-subject")
        for recipient in ("", DEVEL)
    )
    assert "announce-early" in rules(sheet(secret, choices=choices))


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"recipients": (Recipient(DEVEL, role="list"), Recipient(ROE, role="reporter", field="cc"))}, "announce-elsewhere"),
        ({"answers": MessageId("private@x")}, "announce-thread"),
        ({"references": (MessageId("private@x"),)}, "announce-thread"),
        ({"text": "It is.\n> They wrote so.\n"}, "announce-quotes"),
        ({"text": "It is in <<where>>.\n"}, "unfinished"),
    ],
)
def test_nothing_private_goes_along(changes: dict[str, Any], rule: str) -> None:
    assert rules(sheet(**changes)) == [rule]
    overridden = tuple(Choice(rule, "overridden", recipient, "I want to") for recipient in ("", ROE))
    assert rules(sheet(**changes, choices=overridden)) == ([] if rule == "unfinished" else [rule])


def test_what_the_gate_holds_against_it_wants_a_written_reason() -> None:
    held = msgspec.structs.replace(PUBLIC, stopping=("The issue has no CVE id.",), gaps=("There is no CVSS vector.",))
    found = sheet(held)
    assert [(one.rule, one.sentence) for one in found.refusals] == [("announce-gate", "The issue has no CVE id.")]
    assert "There is no CVSS vector." in found.warnings
    assert rules(sheet(held, choices=(Choice("announce-gate", "overridden", "", " "),))) == ["announce-gate"]
    assert sheet(held, choices=(Choice("announce-gate", "overridden", "", "it is exploited: an id follows"),)).can_send


def test_other_letters_are_not_held_up_by_the_gate() -> None:
    held = msgspec.structs.replace(PUBLIC, stopping=("The issue has no CVE id.",))
    assert rules(sheet(held, purpose="")) == []
