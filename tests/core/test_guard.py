"""The guard, rule by rule (R3, R4, R6): each refuses, and lets pass what it should."""

from typing import Any

import msgspec
import pytest

from seccon.core.addressee import Trust
from seccon.core.circle import Circle
from seccon.core.guard import encryption_keys, judge
from seccon.core.ids import Fingerprint, MessageId, address_key
from seccon.core.keys import Key
from seccon.core.letter import Attachment, Choice, Letter, Recipient, Sheet, Way, marks
from seccon.core.policy import MailingList
from seccon.core.report import Address
from seccon.core.team import Member
from tests.story import at

NOW = at("2026-11-21 12:00")
ROE, DOE, BOB, TEAM = "roe@example.net", "doe@example.com", "bob@team.example.org", "security@team.example.org"
CLOSED, OPEN, PUBLIC = "list@team.example.org", "clear@team.example.org", "devel@lists.example.org"
MEMBERS = "members@team.example.org"


def key(digit: str, **changes: Any) -> Key:
    found = Key(Fingerprint(digit * 40), can_encrypt=True, can_sign=True, secret=True, algorithm="ed25519", bits=256)
    return msgspec.structs.replace(found, **changes)


TEAM_KEY, ROE_KEY, BOB_KEY = key("A"), key("B"), key("C")
LISTS = (
    MailingList(CLOSED, transport="list-key"),
    MailingList(OPEN, transport="clear"),
    MailingList(PUBLIC, public=True),
    MailingList(MEMBERS, transport="members"),
)
CIRCLE = Circle(
    label="Q-2026-041",
    embargoed=True,
    reporters=frozenset({ROE}),
    others=frozenset({DOE}),
    other_names=frozenset({"jane q. doe"}),
    members=(Member("Bob", (BOB,)),),
    own=frozenset({TEAM}),
    lists=LISTS,
    telling=("Q-2026-041", "virtio-net: heap overflow"),
    foreign=frozenset({MessageId("other@example.com")}),
)
LETTER = Letter(
    id="l1", case=1, identity=TEAM, recipients=(Recipient(ROE, role="reporter"),), subject="Re: virtio-net: heap overflow",
    text="Hello.\n", report=MessageId("r1@example.net"),
)  # fmt: skip
TRUST = {ROE: Trust(ROE_KEY.fingerprint, "phone", ROE_KEY), BOB: Trust(BOB_KEY.fingerprint, "on the roster", BOB_KEY)}


def sheet(circle: Circle = CIRCLE, trust: dict[str, Trust] | None = None, signer: Key | None = TEAM_KEY, **letter: Any) -> Sheet:
    written = msgspec.structs.replace(LETTER, **letter)
    return judge(written, circle, TRUST if trust is None else trust, Address("Team", TEAM), signer, NOW)


def rules(found: Sheet) -> list[str]:
    return [refusal.rule for refusal in found.refusals]


def wrote_clear(**changes: Any) -> Circle:
    return msgspec.structs.replace(CIRCLE, clear_reporters=frozenset({ROE}), **changes)


def to(*addresses: str) -> tuple[Recipient, ...]:
    return tuple(
        Recipient(one, field="to" if one == ROE else "cc", role="reporter" if one == ROE else "other") for one in addresses
    )


CLEAR: dict[str, Any] = {"protection": "signed", "wire": "virtio-net: heap overflow"}


def test_an_encrypted_reply_to_a_reporter_with_a_pinned_key_may_leave() -> None:
    found = sheet()
    assert found.can_send
    assert found.outer == "..."
    assert found.lines[0].how == "phone"
    assert found.keys == (ROE_KEY.fingerprint,)
    assert encryption_keys(found, TEAM_KEY, NOW) == (ROE_KEY.fingerprint, TEAM_KEY.fingerprint)


@pytest.mark.parametrize(
    ("trust", "rule"),
    [
        (Trust(), "key-missing"),
        (Trust(offered=(ROE_KEY.fingerprint,)), "key-unpinned"),
        (Trust(ROE_KEY.fingerprint, "phone", None), "key-missing"),
        (Trust(ROE_KEY.fingerprint, "phone", key("B", expires=at("2026-11-20"))), "key-unusable"),
        (Trust(ROE_KEY.fingerprint, "phone", key("B", revoked=True)), "key-unusable"),
        (Trust(ROE_KEY.fingerprint, "phone", key("B", can_encrypt=False)), "key-unusable"),
        (Trust(ROE_KEY.fingerprint, "phone", key("B", algorithm="rsa", bits=1024)), "key-unusable"),
        (Trust(ROE_KEY.fingerprint, "phone", ROE_KEY, disputed=BOB_KEY.fingerprint), "key-disputed"),
    ],
)
def test_a_key_that_is_not_proved_stops_the_mail_and_no_reason_overrides_it(trust: Trust, rule: str) -> None:
    """R4: missing, expired, revoked, weak, unpinned; the reporter cannot be left out either."""
    choices = (Choice(rule, "overridden", ROE, "because"), Choice(rule, "left-out", ROE, "because"))
    assert rules(sheet(trust={ROE: trust}, choices=choices)) == [rule]


def test_a_copied_member_whose_key_is_unusable_can_be_left_out_and_is_not_encrypted_to() -> None:
    """R4."""
    trust = {**TRUST, BOB: Trust(BOB_KEY.fingerprint, "on the roster", key("C", expires=at("2026-01-01")))}
    stopped = sheet(trust=trust, recipients=to(ROE, BOB))
    assert rules(stopped) == ["key-unusable"]
    assert stopped.refusals[0].ways == (Way.PIN, Way.LEAVE_OUT)
    left = sheet(trust=trust, recipients=to(ROE, BOB), choices=(Choice("key-unusable", "left-out", BOB),))
    assert left.can_send
    assert [one.address for one in left.recipients] == [ROE]
    assert BOB_KEY.fingerprint not in left.keys


def test_clear_text_of_an_embargoed_case_is_refused() -> None:
    """R3, R6."""
    found = sheet(**CLEAR)
    assert rules(found) == ["clear-secret"]
    reasoned = sheet(**CLEAR, choices=(Choice("clear-secret", "overridden", ROE, "they have no key and agreed"),))
    assert reasoned.can_send
    assert [one.rule for one in reasoned.settled] == ["clear-secret"]
    assert rules(sheet(**CLEAR, choices=(Choice("clear-secret", "overridden", ROE, "  "),))) == ["clear-secret"]


def test_a_reporter_who_wrote_in_clear_is_answered_in_clear_and_it_is_marked() -> None:
    """R6; who stands beside them on the same mail and may know reads along, a stranger does not."""
    found = sheet(wrote_clear(), recipients=to(ROE, BOB), **CLEAR)
    assert found.can_send
    assert "clear text" in found.warnings[0]
    assert set(rules(sheet(wrote_clear(), recipients=to(ROE, "eve@example.org"), **CLEAR))) == {"stranger", "clear-secret"}


def test_the_cases_own_clear_list_gets_clear_text() -> None:
    """R6."""
    assert sheet(recipients=to(OPEN), **CLEAR).can_send


def test_an_answer_to_an_encrypted_mail_is_never_clear_whatever_the_reason() -> None:
    """R3."""
    choices = tuple(Choice(rule, "overridden", "", "why") for rule in ("clear-encrypted", "quoted-cleartext"))
    assert "clear-encrypted" in rules(sheet(wrote_clear(), **CLEAR, secret=True, choices=choices))
    assert "clear-encrypted" in rules(sheet(wrote_clear(encrypted=True), **CLEAR, choices=choices))


@pytest.mark.parametrize(
    "change",
    [
        {"text": "> any quoted line"},
        {"text": "I paste:   The GUEST writes past the end of the ring."},
        {"text": "They say the guest writes\npast the end of something"},
        {"attachments": (Attachment("note.txt", b"the guest writes past the end of the ring."),)},
        {"subject": "Re: the guest writes past the end of the ring."},
    ],
)
def test_what_arrived_encrypted_is_not_quoted_in_clear(change: dict[str, Any]) -> None:
    """R6: not in the text, however spaced, nor in an attachment or subject, not even of a public case."""
    secret = tuple(marks("Hello,\nThe guest writes past the end of the ring.\n"))
    public = msgspec.structs.replace(CIRCLE, public=True)
    assert rules(sheet(public, **CLEAR | change, secret=True, secret_marks=secret)) == ["quoted-cleartext"]


def test_a_reporter_whom_headers_only_claim_is_called_so_on_the_sheet() -> None:
    """I2: Reply-To of a mail that a list passed on may be anybody's; whoever sends looks at it."""
    found = sheet(circle=msgspec.structs.replace(CIRCLE, claimed=True))
    assert "claim" in found.lines[0].because
    assert sheet().lines[0].because == "the reporter"


def test_a_reporter_who_was_typed_by_hand_is_the_reporter_all_the_same() -> None:
    """R1: who was taken out of the head and written in again is answered, and may not be left out."""
    found = sheet(recipients=(Recipient(ROE, field="cc"), Recipient(BOB)))
    assert [line.recipient.role for line in found.lines] == ["reporter", "other"]
    assert not any("Internal" in one for one in found.warnings)
    bare = sheet(recipients=(Recipient(ROE, field="cc"),), trust={})
    assert all(Way.LEAVE_OUT not in one.ways for one in bare.refusals)


def test_a_stranger_is_refused_unless_a_reason_is_written() -> None:
    """R6: a recipient who is not in the case."""
    trust = {**TRUST, "eve@example.org": Trust(BOB_KEY.fingerprint, "page", BOB_KEY)}
    found = sheet(trust=trust, recipients=to(ROE, "eve@example.org"))
    assert rules(found) == ["stranger"]
    assert not found.lines[1].may_know
    why = (Choice("stranger", "overridden", "eve@example.org", "wrote the code"),)
    assert sheet(trust=trust, recipients=to(ROE, "eve@example.org"), choices=why).can_send


def test_reporters_of_one_case_are_not_told_of_each_other() -> None:
    """Several reporters: not by Cc, not by threading headers."""
    trust = {**TRUST, DOE: Trust(BOB_KEY.fingerprint, "page", BOB_KEY)}
    assert rules(sheet(trust=trust, recipients=to(ROE, DOE))) == ["other-reporter"]
    assert rules(sheet(references=(MessageId("r1@example.net"), MessageId("other@example.com")))) == ["mixed-threads"]


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Thanks. doe@example.com found it too.\n"},
        {"text": "On 2026-11-20, Jane\nQ. DOE wrote:\n> the same\n"},
        {"text": "Hello.\n> so says Jane Q.\n> Doe\n"},
        {"subject": "Re: as Jane Q. Doe found"},
        {"attachments": (Attachment("a.patch", data=b"Reported-by: Jane Q. Doe <doe@example.com>\n"),)},
    ],
)
def test_no_text_tells_a_reporter_of_another(change: dict[str, Any]) -> None:
    """Several reporters: by what is written neither, unless a person says why."""
    assert rules(sheet(**change)) == ["other-reporter-named"]
    assert sheet(**change, choices=(Choice("other-reporter-named", "overridden", why="both permitted it"),)).can_send
    assert "other-reporter-named" not in rules(sheet(**change, recipients=to(BOB)))
    assert "other-reporter-named" not in rules(sheet(msgspec.structs.replace(CIRCLE, public=True, embargoed=False), **change))


VENDOR = "psirt@vendor.example"
TOLD = msgspec.structs.replace(
    CIRCLE, others=frozenset(), other_names=frozenset(), unnamed={ROE: frozenset({ROE, "a. roe"})}, invited={VENDOR: "Vendor"},
    parties=frozenset({VENDOR}),
)  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        {"text": "It was found by A. Roe.\n"},
        {"text": "> From: <ROE@example.net>\n"},
        {"subject": "what a.\u00a0roe found"},
        {"attachments": (Attachment("a.patch", data=b"Reported-by: A.  Roe <roe@example.net>\n"),)},
    ],
)
def test_no_party_is_told_who_reported_it_before_the_reporter_permitted_it(change: dict[str, Any]) -> None:
    """F7, R6: not by a trailer of the patch, not by a quotation; overridden with a written reason alone."""
    mail = {"recipients": to(VENDOR), "party": VENDOR, "report": None, "protection": "clear", **change}
    assert "reporter-named" in rules(sheet(TOLD, **mail))
    assert "reporter-named" in rules(sheet(TOLD, **{**mail, "party": ""}))
    reason = (Choice("reporter-named", "overridden", why="she wrote that they know her"),)
    assert "reporter-named" not in rules(sheet(TOLD, **mail, choices=reason))
    for circle in (
        msgspec.structs.replace(TOLD, unnamed={}),
        msgspec.structs.replace(TOLD, public=True, embargoed=False),
    ):
        assert "reporter-named" not in rules(sheet(circle, **mail))
    assert "reporter-named" not in rules(sheet(TOLD, **{**mail, "recipients": to(ROE), "party": ""}))
    assert "reporter-named" not in rules(sheet(TOLD, **{**mail, "recipients": to(ROE, VENDOR), "party": ""})), "in To they stand"


@pytest.mark.parametrize("text", ["We have Ida. Roe is no name.\n", "xroe@example.net, roe@example.network\n", "Aa. Roes\n"])
def test_who_is_not_named_is_not_missed(text: str) -> None:
    mail = {"recipients": to(VENDOR), "party": VENDOR, "report": None, "text": text}
    assert "reporter-named" not in rules(sheet(TOLD, **mail))


def test_another_reporter_whom_the_reporter_wrote_to_is_still_another_reporter() -> None:
    """That one of them named the other in To does not show that each may know of the other's report."""
    trust = {**TRUST, DOE: Trust(BOB_KEY.fingerprint, "phone", BOB_KEY)}
    circle = msgspec.structs.replace(CIRCLE, told=frozenset({DOE}))
    assert rules(sheet(circle, trust=trust, recipients=to(ROE, DOE))) == ["other-reporter"]


def test_what_arrived_encrypted_is_found_at_the_end_of_a_long_file() -> None:
    secret = tuple(marks("Hello,\nThe guest writes past the end of the ring.\n"))
    log = "a line of some log\n" * 30_000 + "> the guest writes past the end of the ring, they say\n"
    public = msgspec.structs.replace(CIRCLE, public=True, embargoed=False)
    sent = sheet(public, **CLEAR, attachments=(Attachment("guest.log", log.encode()),), secret_marks=secret)
    assert rules(sent) == ["quoted-cleartext"]


def test_a_public_list_on_a_letter_makes_nobody_a_reader_of_clear_text() -> None:
    """That anybody may read there is no reporter's wish for clear text: who stands beside it is refused, too."""
    lists = (msgspec.structs.replace(LISTS[2], transport="clear"),)
    found = sheet(msgspec.structs.replace(CIRCLE, lists=lists), recipients=to(PUBLIC, BOB), **CLEAR)
    assert [one.recipient for one in found.refusals if one.rule == "clear-secret"] == [PUBLIC, BOB]


def test_a_public_list_gets_nothing_of_an_embargoed_case() -> None:
    """R6, E10: nor can a reason be written for it."""
    choices = (Choice("public-list", "overridden", PUBLIC, "why"), Choice("clear-secret", "overridden", PUBLIC, "why"))
    assert rules(sheet(recipients=to(PUBLIC), **CLEAR, choices=choices)) == ["public-list"]
    assert sheet(msgspec.structs.replace(CIRCLE, public=True, embargoed=False), recipients=to(PUBLIC), **CLEAR).can_send


def test_a_list_that_cannot_decrypt_is_refused_or_left_out() -> None:
    found = sheet(recipients=to(ROE, OPEN))
    assert rules(found) == ["list-clear"]
    assert sheet(recipients=to(ROE, OPEN), choices=(Choice("list-clear", "left-out", OPEN),)).can_send


def test_a_list_of_transport_members_is_encrypted_to_each_member() -> None:
    """R6."""
    found = sheet(recipients=to(ROE, MEMBERS))
    assert found.can_send
    assert BOB_KEY.fingerprint in found.keys
    assert [one.address for one in found.recipients] == [ROE, MEMBERS]
    assert rules(sheet(trust={ROE: TRUST[ROE]}, recipients=to(ROE, MEMBERS))) == ["key-missing"]


@pytest.mark.parametrize("outer", ["virtio-net", "Q-2026-041", "[vs] Heap trouble"])
def test_an_outer_subject_that_tells_something_is_refused(outer: str) -> None:
    """R6."""
    assert rules(sheet(msgspec.structs.replace(CIRCLE, outer=outer))) == ["telling-subject"]
    assert sheet(msgspec.structs.replace(CIRCLE, outer="[vs] ...")).can_send


def test_a_clear_subject_may_say_what_the_reporter_said_in_clear_and_no_more() -> None:
    assert sheet(wrote_clear(), **CLEAR).can_send
    assert rules(sheet(wrote_clear(), **CLEAR | {"subject": "Q-2026-041: virtio-net"})) == ["telling-subject"]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"recipients": ()}, "no-recipient"),
        ({"text": " \n"}, "no-text"),
        ({"subject": "Re: x\r\nBcc: eve@example.org"}, "bad-subject"),
        ({"subject": "Re: \u202ereversed"}, "bad-subject"),
        ({"text": "Hello <<name>>,"}, "unfinished"),
        ({"text": "Hello {{ reporter }},"}, "unfinished"),
        ({"recipients": (Recipient("roe@example.net\r\nBcc: eve@example.org"),)}, "bad-address"),
        ({"recipients": (Recipient("-oQ/tmp/x@example.net"),)}, "bad-address"),
    ],
)
def test_what_is_unfinished_or_hostile_in_form_is_refused(change: dict[str, Any], rule: str) -> None:
    assert rule in rules(sheet(**change))


def test_an_unusable_signer_stops_it() -> None:
    """R2, R3."""
    assert rules(sheet(signer=None)) == ["signer-missing"]
    assert rules(sheet(signer=key("A", expires=at("2026-01-01")))) == ["signer-unusable"]
    assert rules(sheet(signer=key("A", secret=False))) == ["signer-unusable"]
    assert rules(judge(LETTER, CIRCLE, TRUST, None, None, NOW)) == ["no-identity"]


@pytest.mark.parametrize(
    "change", [{"text": "Hello!\n"}, {"subject": "Re: x"}, {"recipients": to(ROE, BOB)}, {"attachments": (Attachment("a", b""),)}]
)
def test_the_digest_moves_with_everything_that_the_sheet_shows(change: dict[str, Any]) -> None:
    """R4."""
    assert sheet(**change).digest != sheet().digest
    assert sheet().digest == sheet().digest


def test_the_digest_moves_when_another_key_is_pinned() -> None:
    other = {ROE: Trust(BOB_KEY.fingerprint, "phone", BOB_KEY)}
    assert sheet(trust=other).digest != sheet().digest


def test_a_lone_surrogate_in_the_text_is_judged_like_any_other() -> None:
    assert sheet(text="pasted \udcff text").digest
    assert address_key(ROE) == ROE
