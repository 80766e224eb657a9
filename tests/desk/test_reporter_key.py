"""A key that came by mail: taken alone, trusted for nobody until compared, loud when it is another (features, R5)."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from seccon.core.errors import CryptoError, RefusedError, SecconError
from seccon.core.ids import TEAM_FILE, Fingerprint, MessageId
from seccon.core.journal.replies import KeyPinned
from seccon.core.key_offer import Offers, came_line, is_new
from seccon.core.key_watch import former_keys
from seccon.desk.keys_overview import KeysOverview, TryKey
from seccon.desk.look_up_key import LookUpKey
from seccon.desk.office import Office
from seccon.desk.pin_key import PinKey, UnpinKey
from seccon.desk.read_mail import ReadMail
from seccon.desk.sync import Sync
from seccon.desk.take_key import FindKeys, OfferKeys, PinVouched, TakeAndPin, TakeKey, VerifyAgain
from tests.e2e.stage import ALICE, REPORT, ROE, TEAM, Stage, staged
from tests.keymail import with_key
from tests.keysmith import GpgHome, shared

FROM = f"A. Roe <{ROE}>"
NEW = "new-key@reporter.example.net"


@pytest.fixture(scope="module")
def rotated() -> Fingerprint:
    """The reporter's next key."""
    return shared("e2e-reporter").make_key(f"A. Roe (2027) <{ROE}>")


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """Set the stage; the team holds no key of the reporter but what a test takes."""
    with staged(tmp_path) as made:
        made.report(encrypted=False)
        yield made
        forget(made.gpg, {made.team_key, made.alice_key, made.bob_key})


def forget(home: GpgHome, kept: set[str]) -> None:
    """Leave the shared keyring as it was made."""
    listed = home.run("--with-colons", "--list-keys").decode("utf-8", "replace").split("\n")
    first = [listed[at + 1].split(":")[9] for at, line in enumerate(listed) if line.startswith("pub:")]
    for key in set(first) - kept:
        home.run("--yes", "--delete-keys", key)


def offers(office: Office, mail: str) -> Offers:
    read = ReadMail(mail=MessageId(mail)).perform(office)
    return OfferKeys(case=1, mail=MessageId(mail), read=read.mail).perform(office)


def came(stage: Stage, office: Office, mail: bytes) -> Offers:
    stage.room.deliver(mail)
    stage.room.new()
    Sync().perform(office)
    return offers(office, NEW)


def mail(stage: Stage, key: str, how: str = "attached", signed_by: str = "") -> bytes:
    material = stage.reporter.export(key, armor=how != "autocrypt")
    signer = (stage.reporter, signed_by) if signed_by else None
    return with_key(NEW, FROM, TEAM, material, how=how, signer=signer, answers=REPORT)


@pytest.mark.parametrize("how", ["attached", "inline", "autocrypt"])
def test_a_key_that_came_is_offered_taken_and_pinned_in_one_step(stage: Stage, how: str) -> None:
    forget(stage.gpg, {stage.team_key, stage.alice_key, stage.bob_key})
    with stage.office() as office:
        found = came(stage, office, mail(stage, stage.reporter_key, how))
        (one,) = found.keys
        assert (one.address, one.claims, one.held, one.pinned, one.change) == (ROE, True, False, False, False)
        assert came_line(found) == f"1 key came with this mail, not pinned to {ROE}."
        pin = PinKey(address=ROE, fingerprint=one.key.fingerprint, compared="A" * 40, how="by phone")
        with pytest.raises(RefusedError, match="not that of the key"):
            TakeAndPin(pin=pin, material=one.material).perform(office)
        assert office.keyring.key(one.key.fingerprint) is None, "a failed comparison takes nothing"
        spaced = " ".join(one.key.fingerprint[at : at + 4] for at in range(0, 40, 4)).lower()
        TakeAndPin(pin=msgspec.structs.replace(pin, compared=spaced), material=one.material).perform(office)
        assert not is_new(offers(office, NEW))


def test_what_is_only_taken_is_trusted_for_nobody(stage: Stage) -> None:
    forget(stage.gpg, {stage.team_key, stage.alice_key, stage.bob_key})
    with stage.office() as office:
        (one,) = came(stage, office, mail(stage, stage.reporter_key)).keys
        TakeKey(fingerprint=one.key.fingerprint, material=one.material).perform(office)
        found = offers(office, NEW)
        assert [(key.held, key.pinned) for key in found.keys] == [(True, False)]
        assert ReadMail(mail=MessageId(NEW)).perform(office).mail.verdict.trusted is False


def test_a_key_that_only_signs_can_be_pinned_and_proves_who_wrote(stage: Stage) -> None:
    signs = shared("e2e-reporter").make_key(f"A. Roe (signing) <{ROE}>", "ed25519")
    with stage.office() as office:
        (one,) = came(stage, office, mail(stage, signs, signed_by=signs)).keys
        assert (one.faults, one.unfit) == (("cannot encrypt",), False)
        pin = PinKey(address=ROE, fingerprint=signs, compared=signs, how="by phone")
        TakeAndPin(pin=pin, material=one.material).perform(office)
        assert ReadMail(mail=MessageId(NEW)).perform(office).mail.verdict.trusted
        shared("e2e-reporter").revoke(signs)
        stage.gpg.take(shared("e2e-reporter").export(signs))
        with pytest.raises(RefusedError, match="is revoked"):
            PinKey(address="r@example.org", fingerprint=signs, compared=signs, how="by phone").perform(office)


def test_marks_of_the_case_are_judged_again_once_the_key_is_pinned(stage: Stage) -> None:
    with stage.office() as office:
        came(stage, office, mail(stage, stage.reporter_key, signed_by=stage.reporter_key))
        assert "trusted" not in {office.ledger.row(1).mark}  # type: ignore[union-attr]
        stage.gpg.take(stage.reporter.export(stage.reporter_key))
        PinKey(address=ROE, fingerprint=stage.reporter_key, compared=stage.reporter_key, how="by phone").perform(office)
        assert VerifyAgain(case=1, address=ROE).perform(office) == 1


def test_a_change_is_loud_wants_its_reason_and_keeps_the_old_key_on_record(stage: Stage, rotated: Fingerprint) -> None:
    stage.gpg.take(stage.reporter.export(stage.reporter_key))
    with stage.office() as office:
        stage.pin_reporter()
        found = came(stage, office, mail(stage, rotated))
        (one,) = found.keys
        assert (one.change, one.vouched, one.replaces) == (True, False, stage.reporter_key)
        assert "ANOTHER" in came_line(found)
        pin = PinKey(address=ROE, fingerprint=rotated, compared=rotated, how="by phone")
        with pytest.raises(RefusedError, match="Another key is pinned"):
            TakeAndPin(pin=pin, material=one.material).perform(office)
        TakeAndPin(pin=msgspec.structs.replace(pin, replaces=one.replaces), material=one.material).perform(office)
        (line,) = former_keys(office.ledger.entries(TEAM_FILE))[ROE]
        assert line.replace(" ", "").startswith(stage.reporter_key)


def test_a_key_in_a_mail_signed_by_the_old_one_is_vouched_for(stage: Stage, rotated: Fingerprint) -> None:
    stage.gpg.take(stage.reporter.export(stage.reporter_key))
    with stage.office() as office:
        stage.pin_reporter()
        (one,) = came(stage, office, mail(stage, rotated, signed_by=stage.reporter_key)).keys
        assert one.vouched
        PinVouched(
            address=ROE, fingerprint=rotated, mail=MessageId(NEW), why="the old one expires", replaces=one.replaces,
            material=one.material,
        ).perform(office)  # fmt: skip
        body = office.ledger.entries(TEAM_FILE)[-1].body
        assert isinstance(body, KeyPinned)
        assert body.replaces == stage.reporter_key
        assert stage.reporter_key in body.how
        assert NEW in body.how


@pytest.mark.parametrize(("how", "signed"), [("autocrypt", True), ("attached", False), ("inline", False)])
def test_a_key_outside_the_signature_is_vouched_for_by_nobody(stage: Stage, rotated: Fingerprint, how: str, signed: bool) -> None:
    """An Autocrypt header stands outside of every signature: whoever can send a mail can put one on."""
    stage.gpg.take(stage.reporter.export(stage.reporter_key))
    with stage.office() as office:
        stage.pin_reporter()
        found = came(stage, office, mail(stage, rotated, how, stage.reporter_key if signed else ""))
        assert [one.vouched for one in found.keys] == [False]
        pin = PinVouched(
            address=ROE, fingerprint=rotated, mail=MessageId(NEW), why="it says so", replaces=stage.reporter_key,
            material=found.keys[0].material,
        )  # fmt: skip
        with pytest.raises(RefusedError, match="No signature"):
            pin.perform(office)
        assert office.keyring.key(rotated) is None


def test_a_key_signed_by_itself_is_vouched_for_by_nobody(stage: Stage, rotated: Fingerprint) -> None:
    stage.gpg.take(stage.reporter.export(stage.reporter_key))
    with stage.office() as office:
        stage.pin_reporter()
        stage.gpg.take(stage.reporter.export(rotated))
        found = came(stage, office, mail(stage, rotated, signed_by=rotated))
        assert [one.vouched for one in found.keys] == [False]


def test_a_colleagues_own_key_is_not_offered_for_the_reporter(stage: Stage) -> None:
    """Many mail programs put an Autocrypt header on everything."""
    with stage.office() as office:
        key = stage.gpg.export(stage.alice_key, armor=False)
        found = came(stage, office, with_key(NEW, f"Alice Ames <{ALICE}>", ROE, key, how="autocrypt", answers=REPORT))
        assert found.address == ALICE
        assert [one.pinned for one in found.keys] == [True]
        assert not is_new(found)


def test_a_secret_key_by_mail_is_told_and_not_taken(stage: Stage) -> None:
    with stage.office() as office:
        found = came(stage, office, with_key(NEW, FROM, TEAM, stage.reporter.export_secret(stage.reporter_key), answers=REPORT))
        assert found.secret
        assert "SECRET" in came_line(found)
        assert [key.fingerprint for key in office.keyring.secret_keys() if key.fingerprint == stage.reporter_key] == []


def test_a_key_that_bears_a_colleagues_address_says_more_than_it_should(stage: Stage) -> None:
    with stage.office() as office:
        eve = stage.reporter.make_key(f"Eve <{ROE}>")
        stage.reporter.run("--quick-add-uid", eve, f"Alice <{ALICE}>")
        (one,) = came(stage, office, mail(stage, eve)).keys
        assert one.others == (ALICE,)


def test_a_longer_lasting_copy_of_a_pinned_key_is_noticed(stage: Stage) -> None:
    with stage.office() as office:
        key = stage.reporter.make_key(f"A. Roe (short) <{ROE}>", expires="20d")
        stage.gpg.take(stage.reporter.export(key))
        PinKey(address=ROE, fingerprint=key, compared=key, how="by phone").perform(office)
        stage.reporter.run("--quick-set-expire", key, "2y")
        stage.reporter.run("--quick-set-expire", key, "2y", "*")
        found = came(stage, office, mail(stage, key))
        assert [(one.pinned, one.update) for one in found.keys] == [(True, True)]
        assert "newer copy" in came_line(found)
        TakeKey(fingerprint=key, material=found.keys[0].material).perform(office)
        assert not is_new(offers(office, NEW))


def test_a_reply_finds_the_key_that_came_with_the_cases_mails(stage: Stage) -> None:
    forget(stage.gpg, {stage.team_key, stage.alice_key, stage.bob_key})
    with stage.office() as office:
        came(stage, office, mail(stage, stage.reporter_key))
        (one,) = FindKeys(address=ROE, case=1).perform(office).keys
        assert (one.key.fingerprint, one.held) == (stage.reporter_key, False)
        assert FindKeys(address="nobody@example.org", case=1).perform(office).keys == ()


def test_nobody_is_asked_over_the_network_unless_a_person_agreed(stage: Stage) -> None:
    with stage.office() as office:
        with pytest.raises(RefusedError, match="over the network"):
            LookUpKey(address=ROE).perform(office)
        with pytest.raises(SecconError, match="publishes no key"):
            LookUpKey(address="roe@nowhere.invalid", agreed=True).perform(office)


def test_the_overview_says_what_is_wrong_and_what_to_do(stage: Stage) -> None:
    """H2: ahead of time, missing, not pinned though claimed."""
    stage.gpg.take(stage.reporter.export(stage.reporter_key))
    with stage.office() as office:
        Sync().perform(office)
        short = stage.gpg.make_key("Short <short@example.org>", expires="20d")
        PinKey(address="short@example.org", fingerprint=short, compared=short, how="in person").perform(office)
        seen = {(one.role, one.address): one for one in KeysOverview().perform(office).keys}
        assert seen["ours", TEAM].condition == "ok"
        assert seen["member", ALICE].condition == "ok"
        assert seen["pinned", "short@example.org"].said.startswith("expires on")
        assert seen["pinned", "short@example.org"].condition == "soon"
        assert seen["claimed", ROE].todo.startswith("p compares")
        UnpinKey(address="short@example.org", fingerprint=short, why="lost").perform(office)
        assert ("pinned", "short@example.org") not in {(o.role, o.address) for o in KeysOverview().perform(office).keys}
        stage.gpg.run("--yes", "--delete-secret-and-public-key", short)


def test_a_key_is_tried_by_encrypting_to_it_and_opened_again_where_that_can_be(stage: Stage) -> None:
    stage.gpg.take(stage.reporter.export(stage.reporter_key))
    with stage.office() as office:
        ours, theirs = (TryKey(fingerprint=key).perform(office) for key in (stage.team_key, stage.reporter_key))
        assert (ours.works, theirs.works) == (True, True)
        assert "opened again" in ours.sentence
        assert "only its owner" in theirs.sentence
        assert not TryKey(fingerprint=Fingerprint("A" * 40)).perform(office).works


def test_trying_a_locked_key_asks_for_its_passphrase_and_says_when_it_was_wrong(tmp_path: Path) -> None:
    """R9: told apart from a key that does not work."""
    with staged(tmp_path, passphrase="quokka") as stage, stage.office() as office:
        stage.gpg.forget()
        for word in (None, b"wrong"):
            with pytest.raises(CryptoError) as told:
                TryKey(fingerprint=stage.team_key, passphrase=word).perform(office)
            assert told.value.locked
        assert TryKey(fingerprint=stage.team_key, passphrase=b"quokka").perform(office).works


def test_an_identity_whose_secret_half_is_elsewhere_says_how_to_reach_it(stage: Stage) -> None:
    """R9: a forwarded agent that is not there looks like this."""
    stage.gpg.take(stage.reporter.export(stage.reporter_key))
    with stage.office() as office:
        moved = msgspec.structs.replace(office.identities[0], sign_key=stage.reporter_key)
        (ours,) = [
            o for o in KeysOverview().perform(msgspec.structs.replace(office, identities=(moved,))).keys if o.role == "ours"
        ]
        assert ours.condition == "wrong"
        assert "no secret half" in ours.said
        assert "agent" in ours.todo


def test_the_change_of_our_own_key_is_followed_by_what_can_be_seen(stage: Stage) -> None:
    """H2: publish, tell, revoke, keep the old secret for reading."""
    with stage.office() as office:
        (before,) = KeysOverview().perform(office).rotations
        assert [step.done for step in before.steps] == [False, None, None, False, None, None, None, None]
        new = stage.gpg.make_key(f"Security Team (next) <{TEAM}>")
        (began,) = KeysOverview().perform(office).rotations
        assert (began.steps[0].done, began.steps[3].done, began.steps[6].done, began.steps[7].done) == (True, False, False, True)
        moved = msgspec.structs.replace(office, identities=(msgspec.structs.replace(office.identities[0], sign_key=new),))
        (after,) = KeysOverview().perform(moved).rotations
        stage.gpg.run("--yes", "--delete-secret-and-public-key", new)
        assert after.steps[3].done or after.steps[0].done
