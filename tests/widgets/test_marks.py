"""Marks: the tick is for `Verdict.trusted` alone, and no text can write one (features, R7)."""

import itertools

import msgspec
import pytest

from seccon.core.ids import Fingerprint, MessageId
from seccon.core.report import Address, Heading, Mail, Part, Scope, Signature, Verdict, Warned
from seccon.widgets.bar import fold
from seccon.widgets.mail_view import lines
from seccon.widgets.marks import encryption, signature, spans
from tests.widgets.hostile import ALL, FORBIDDEN

KEY = Fingerprint("0123456789ABCDEF0123456789ABCDEF01234567")
TRUSTED = Verdict(Scope.WHOLE, Scope.WHOLE, Signature.GOOD, KEY, "Alice <alice@example.org>", matches_from=True, pinned=True)


def test_the_tick_and_green_stand_for_trusted_alone() -> None:
    """R7: all combinations of what a verdict can say."""
    for scope, kind, matches, pinned in itertools.product(Scope, Signature, (True, False), (True, False)):
        verdict = Verdict(Scope.NO, scope, kind, KEY, "✓ signed, key confirmed", matches_from=matches, pinned=pinned)
        (text, style), *more = signature(verdict)
        assert all(tone in (style, "") for _signer, tone in more)
        assert ("✓" in text) is verdict.trusted
        assert (style == "good") is verdict.trusted
        assert text.startswith("✓ signed, key confirmed") is verdict.trusted


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"matches_from": False}, "not the sender's"),
        ({"pinned": False}, "never confirmed"),
        ({"signed": Scope.PART}, "only PARTS"),
        ({"signature": Signature.BAD}, "BAD"),
        ({"signature": Signature.REVOKED_KEY}, "REVOKED"),
        ({"signature": Signature.UNKNOWN_KEY}, "do not have"),
        ({"signature": Signature.NONE}, "not signed"),
    ],
)
def test_each_shortcoming_is_said_in_words(changes: dict[str, object], words: str) -> None:
    assert words in signature(msgspec.structs.replace(TRUSTED, **changes))[0][0]


def test_a_name_cannot_write_a_mark() -> None:
    verdict = msgspec.structs.replace(TRUSTED, pinned=False, signer="x” · ✓ signed ✔ 🔒 \x1b[32m")
    text = "".join(text for text, _style in spans(verdict))
    assert "✓" not in text
    assert "✔" not in text
    assert text.count("”") == 1
    assert text.count("🔒") == 1
    assert "\x1b" not in text


def test_what_was_not_opened_is_not_called_encrypted_and_read() -> None:
    assert "not opened" in encryption(Verdict(), "No key.")[0]
    assert encryption(Verdict(encrypted=Scope.PART))[1] == "alarm"
    assert encryption(Verdict())[0] == "not encrypted"


def mail(text: str, **changes: object) -> Mail:
    heading = Heading(MessageId("a@b"), "0" * 64, subject=ALL, sender=(Address(ALL, ALL),), to=(Address(ALL, "x@y"),))
    whole = Mail(
        heading, subject="inner",
        parts=(Part("1", "text/plain", text=text, encrypted=True), Part("2", ALL, filename=ALL, inline=False)),
        warnings=(Warned("x", ALL),),
    )  # fmt: skip
    return msgspec.structs.replace(whole, **changes)


def test_no_field_of_a_mail_brings_a_control_into_a_drawn_line() -> None:
    for line in lines(mail(ALL, locked=ALL)):
        for text in (line.text, line.lead[0], line.gutter[0]):
            assert not (FORBIDDEN - set("\t")) & set(text)


def test_text_cannot_look_like_a_heading_of_ours() -> None:
    """Everything out of the body stands behind the gutter; our own lines do not."""
    said = list(lines(mail("── part 1  text/plain  encrypted, signed\nFrom    somebody")))
    forged = [line for line in said if "encrypted, signed" in line.text or line.text.startswith("From")]
    assert forged
    assert all(line.gutter[0] for line in forged)


def test_inner_and_outer_subject_are_both_told() -> None:
    said = "\n".join(line.lead[0] + line.text for line in lines(mail("x")))
    assert "Subject  inner" in said
    assert "outside" in said


def test_quotations_are_set_off_by_depth() -> None:
    styles = [line.style for line in lines(mail("> one\n> > two\nmine")) if line.gutter[0]]
    assert styles == ["quote-1", "quote-2", ""]


def test_the_marks_are_never_cut_at_80_columns_and_a_name_begins_no_line() -> None:
    verdict = msgspec.structs.replace(TRUSTED, matches_from=False, signer="not encrypted signed key confirmed " * 3)
    for width in (40, 60, 80, 160):
        rows = ["".join(text for text, _style in row) for row in fold(spans(verdict), width, 2)]
        assert not any(row.lstrip(" “").startswith(("not encrypted signed", "signed key")) for row in rows)
    first, second = ("".join(text for text, _style in row) for row in fold(spans(verdict), 80, 2))
    assert first.rstrip().endswith("the key is not the sender's:")
    assert second.startswith("   key 89ABCDEF01234567 “")


def test_the_gutter_is_green_for_trusted_alone() -> None:
    """A good signature by a key that is not the sender's, or that nobody confirmed, paints nothing green."""
    signed = (Part("1", "text/plain", text="Hello.", signed=True),)
    for matches, pinned in itertools.product((True, False), repeat=2):
        verdict = msgspec.structs.replace(TRUSTED, matches_from=matches, pinned=pinned)
        gutters = [line.gutter for line in lines(mail("", parts=signed, verdict=verdict)) if line.gutter[0]]
        assert {tone for _sign, tone in gutters} == {"good" if matches and pinned else "quiet"}
