"""A mark is earned by all of scope, signature, From and pin together, and by nothing less."""

import itertools

import pytest

from seccon.core.ids import Fingerprint
from seccon.core.keys import Pins
from seccon.core.report import Address, Scope, Signature, Verdict
from seccon.core.verdict import Found, Seal, judge

HERS = Fingerprint("A" * 40)
HIS = Fingerprint("B" * 40)
ROE = Address("A. Roe", "roe@example.org")
PINNED = Pins({"roe@example.org": HERS})


def nobody(fingerprint: Fingerprint, address: str) -> bool:
    return False


def anybody(fingerprint: Fingerprint, address: str) -> bool:
    return True


def found(*seals: Seal, signed: Scope = Scope.WHOLE, author: Address | None = ROE) -> Found:
    return Found(signed=signed, seals=seals, author=author)


def test_a_good_signature_by_the_pinned_key_over_the_whole_is_trusted() -> None:
    verdict = judge(found(Seal(Signature.GOOD, HERS, "A. Roe <roe@example.org>")), PINNED, nobody)
    assert verdict.trusted
    assert verdict.fingerprint == HERS


def test_the_pin_holds_whatever_the_case_of_the_address() -> None:
    assert judge(found(Seal(Signature.GOOD, HERS), author=Address("", "Roe@Example.ORG")), PINNED, nobody).trusted


def test_trust_needs_every_condition() -> None:
    """R7: of all combinations exactly one is trusted."""
    trusted = []
    for scope, state, key, author in itertools.product(
        Scope, Signature, (HERS, HIS, None), (ROE, Address("", "eve@example.net"), Address(), None)
    ):
        if judge(Found(Scope.WHOLE, scope, (Seal(state, key),), author), PINNED, anybody).trusted:
            trusted.append((scope, state, key, author))
    assert trusted == [(Scope.WHOLE, Signature.GOOD, HERS, ROE)]


def test_a_key_that_only_bears_the_address_matches_but_is_not_pinned() -> None:
    verdict = judge(found(Seal(Signature.GOOD, HIS)), Pins(), anybody)
    assert verdict.matches_from
    assert not verdict.pinned
    assert not verdict.trusted


def test_where_a_key_is_pinned_another_that_bears_the_address_does_not_match() -> None:
    """R5: a key change is loud."""
    verdict = judge(found(Seal(Signature.GOOD, HIS)), PINNED, anybody)
    assert not verdict.matches_from


@pytest.mark.parametrize("other", [Signature.BAD, Signature.UNKNOWN_KEY, Signature.EXPIRED_KEY, Signature.ERROR])
def test_of_several_signatures_the_worst_is_told(other: Signature) -> None:
    verdict = judge(found(Seal(Signature.GOOD, HERS), Seal(other), signed=Scope.PART), PINNED, nobody)
    assert verdict.signature is other
    assert verdict.fingerprint is None


def test_two_good_signatures_by_different_keys_are_nobodys() -> None:
    verdict = judge(found(Seal(Signature.GOOD, HERS), Seal(Signature.GOOD, HIS)), PINNED, anybody)
    assert verdict.fingerprint is None
    assert not verdict.trusted


def test_without_a_signature_nothing_is_said_of_one() -> None:
    assert judge(Found(encrypted=Scope.WHOLE, author=ROE), PINNED, anybody) == Verdict(encrypted=Scope.WHOLE)
