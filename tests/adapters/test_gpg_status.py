"""Status lines mean only what is told of a good end: every line taken away, doubled or added makes the verdict fall."""

import pytest

from seccon.adapters.gpg import status
from seccon.adapters.gpg.runner import Outcome, parse
from seccon.core.report import Signature

KEY = "5A5E765D80835F08ED6234E69BBA28E2DD9AC0EE"
SUB = "9F3BB640BEDF95BB22C44DE2CA0C6A52CD4997F9"
SIGNED = f"""NEWSIG
GOODSIG 9BBA28E2DD9AC0EE A. Roe <roe@example.org>
VALIDSIG {KEY} 2026-11-21 1795295538 0 4 0 22 10 00 {KEY}"""
OPENED = f"""ENC_TO CA0C6A52CD4997F9 18 0
BEGIN_DECRYPTION
DECRYPTION_INFO 2 9 0
PLAINTEXT 62 1795295538
{SIGNED}
DECRYPTION_OKAY
GOODMDC
END_DECRYPTION"""


def outcome(text: str, code: int = 0, **more: bool) -> Outcome:
    told = "".join(f"[GNUPG:] {line}\n" for line in text.splitlines())
    return Outcome(b"text", parse(told.encode()), code, **more)


def test_a_good_signature_gives_the_primary_key_and_a_name() -> None:
    by_subkey = SIGNED.replace(f"VALIDSIG {KEY}", f"VALIDSIG {SUB}").replace("9BBA28E2DD9AC0EE A", f"{SUB[-16:]} A")
    for text in (SIGNED, by_subkey):
        found = status.seal(outcome(text))
        assert (found.signature, found.fingerprint, found.signer) == (Signature.GOOD, KEY, "A. Roe <roe@example.org>")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "NEWSIG",
        SIGNED.replace("NEWSIG\n", ""),
        SIGNED.split("\nVALIDSIG")[0],
        SIGNED + "\n" + SIGNED,
        SIGNED + "\nNEWSIG",
        SIGNED + f"\nVALIDSIG {KEY} 2026-11-21 1 0 4 0 22 10 00 {KEY}",
        SIGNED + "\nBADSIG 9BBA28E2DD9AC0EE A. Roe",
        SIGNED + "\nEXPKEYSIG 9BBA28E2DD9AC0EE A. Roe",
        SIGNED + "\nNODATA 4",
        SIGNED + "\nUNEXPECTED 1",
        SIGNED + "\nERROR proc_pkt.plaintext 89_BAD_DATA",
        *(SIGNED.replace(" 22 10 00 ", f" 22 {weak} 00 ") for weak in (1, 2, 3)),
        SIGNED.replace(" 10 00 ", " 10 13 "),
        SIGNED.replace(f" 00 {KEY}", " 00 9BBA28E2DD9AC0EE"),
        SIGNED.replace(f" 00 {KEY}", ""),
        SIGNED.replace("GOODSIG 9BBA28E2DD9AC0EE", "GOODSIG 0000000000000000"),
        SIGNED.replace("GOODSIG", "ERRSIG"),
    ],
)
def test_what_is_not_exactly_one_sound_signature_is_an_error(text: str) -> None:
    found = status.seal(outcome(text))
    assert (found.signature, found.fingerprint) == (Signature.ERROR, None)


@pytest.mark.parametrize(
    ("keyword", "state"),
    [("EXPSIG", Signature.EXPIRED), ("EXPKEYSIG", Signature.EXPIRED_KEY), ("REVKEYSIG", Signature.REVOKED_KEY)],
)
def test_other_states_keep_the_key_but_are_not_good(keyword: str, state: Signature) -> None:
    found = status.seal(outcome(SIGNED.replace("GOODSIG", keyword)))
    assert (found.signature, found.fingerprint, found.good) == (state, KEY, False)


def test_an_unknown_key_is_told_from_other_errors() -> None:
    line = "NEWSIG\nERRSIG 9BBA28E2DD9AC0EE 22 10 00 1795295538 {} " + KEY
    assert status.seal(outcome(line.format(9))).signature is Signature.UNKNOWN_KEY
    assert status.seal(outcome(line.format(5))).signature is Signature.ERROR


def test_a_whole_decryption_gives_its_text_and_its_seal() -> None:
    opened = status.opened(outcome(OPENED))
    assert opened.text == b"text"
    assert opened.seal is not None
    assert opened.seal.good
    assert opened.was_encrypted


def test_an_exit_status_of_2_is_explained_by_an_unknown_signer_alone() -> None:
    unknown = OPENED.replace(SIGNED, f"NEWSIG\nERRSIG 9BBA28E2DD9AC0EE 22 10 00 1 9 {KEY}\nNO_PUBKEY 9BBA28E2DD9AC0EE")
    assert status.opened(outcome(unknown, 2)).text == b"text"
    assert status.opened(outcome(OPENED, 2)).text is None
    assert status.opened(outcome(OPENED.replace(SIGNED + "\n", ""), 2)).text is None


def test_every_line_of_a_decryption_is_needed() -> None:
    lines = OPENED.splitlines()
    for at, line in enumerate(lines):
        if line in SIGNED:
            continue
        assert status.opened(outcome("\n".join(lines[:at] + lines[at + 1 :]))).text is None, line
        if not line.startswith("ENC_TO"):
            assert status.opened(outcome("\n".join([*lines[: at + 1], line, *lines[at + 1 :]]))).text is None, line


@pytest.mark.parametrize(
    "text",
    [
        OPENED + "\nDECRYPTION_FAILED",
        OPENED + "\nBADMDC",
        OPENED + "\nERROR decryption.early_plaintext 89",
        OPENED.replace("DECRYPTION_INFO 2 9 0", "DECRYPTION_INFO 0 9 0"),
        OPENED.replace(SIGNED + "\n", "") + "\n" + SIGNED,
        SIGNED + "\n" + OPENED.replace(SIGNED + "\n", ""),
        OPENED.replace("PLAINTEXT 62 1795295538\n", "") + "\nPLAINTEXT 62 1795295538",
        OPENED.replace("BEGIN_DECRYPTION\n", "").replace("PLAINTEXT", "BEGIN_DECRYPTION\nPLAINTEXT"),
    ],
)
def test_anything_beside_or_out_of_order_spoils_a_decryption(text: str) -> None:
    assert status.opened(outcome(text)).text is None


def test_late_and_cut_answers_are_worth_nothing() -> None:
    assert status.opened(outcome(OPENED, late=True)).text is None
    assert status.opened(outcome(OPENED, cut=True)).text is None
    assert status.seal(outcome(SIGNED, late=True)).signature is Signature.ERROR


def test_an_agent_that_takes_no_pinentry_mode_is_no_failure_of_the_mail() -> None:
    assert status.opened(outcome("ERROR set_pinentry_mode 67109115\n" + OPENED, 2)).text == b"text"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ENC_TO 1 18 0\nERROR pkdecrypt_failed 67108949", "passphrase is needed"),
        ("ENC_TO 1 18 0\nERROR pkdecrypt_failed 67108875", "passphrase is wrong"),
        ("ENC_TO 1 18 0\nERROR pkdecrypt_failed 83918950", "agent"),
        ("ENC_TO AB 18 0\nNO_SECKEY AB", "not here: AB"),
        ("NEED_PASSPHRASE_SYM 9 3 2", "password only"),
        ("NODATA 1", "no encrypted OpenPGP message"),
    ],
)
def test_why_there_is_no_text_is_said_in_words(text: str, words: str) -> None:
    failed = "" if text == "NODATA 1" else "\nBEGIN_DECRYPTION\nDECRYPTION_FAILED\nEND_DECRYPTION"
    assert words in status.opened(outcome(text + failed, 2)).problem
