"""Keys: those that came with a mail, pinning one by comparing, looking one up, trying one (features, R4 R5 H2)."""

from collections.abc import Callable
from typing import cast

import msgspec

from seccon.core.errors import RefusedError, SecconError
from seccon.core.ids import Fingerprint, MessageId
from seccon.core.key_offer import Offer, Offers, ordered
from seccon.core.key_watch import Watched
from seccon.core.keys import grouped
from seccon.desk.keys_overview import Tried, TryKey
from seccon.desk.look_up_key import LookUpKey
from seccon.desk.pin_key import PinKey, UnpinKey
from seccon.desk.read_mail import MailView
from seccon.desk.request import Request
from seccon.desk.take_key import FindKeys, OfferKeys, PinVouched, TakeAndPin, TakeKey, VerifyAgain
from seccon.screens.flows.frame import Desk
from seccon.screens.form_screen import FormScreen, Values
from seccon.screens.key_offers import Chosen, KeyOffers, brief_lines
from seccon.widgets.form import Field
from seccon.widgets.line_view import Line

_ELSEWHERE = "?"
"""The answer that none of the keys is the one."""
_WAYS = {"compared": "the fingerprint was compared", "signed": "the key trusted so far has signed it"}


async def of_mail(desk: Desk, case: int, read: MailView, after: Callable[[], None]) -> None:
    """Show the keys that came with a mail until the person has done with them; `after` is called when marks may be others."""
    while True:
        offers: Offers = await desk.ask(OfferKeys(case=case, mail=read.id, read=read.mail))
        if not offers.keys and not offers.secret:
            desk.say("No key came with this mail.")
            return
        chosen = await desk.wait_for(KeyOffers(offers, f"Keys that came with this mail, for {offers.address}"))
        if chosen is None:
            return
        if await _done(desk, offers, chosen, case):
            after()
            return


async def pin_for(desk: Desk, address: str, case: int = 0) -> bool:
    """Have a key pinned to an address: one of those that claim it or came with the case's mails, else one that is looked up."""
    offers: Offers = await desk.ask(FindKeys(address=address, case=case))
    wanted = tuple(one for one in offers.keys if not one.pinned or one.update)
    offers = msgspec.structs.replace(offers, keys=wanted)
    if not wanted:
        desk.say(f"No key in the keyring claims {address}, and none came with the mails of the case.", wrong=True)
        found = await look_up(desk, address)
        if found is None:
            return False
        offers = found
    return await pin(desk, offers, offers.keys[0], case)


async def settle(desk: Desk, address: str, pinned: Fingerprint, named: Fingerprint, case: int = 0) -> None:
    """Settle which of two keys is an address's: the pinned one, or the roster's, which is then compared and pinned."""
    shown = {"pinned": f"the pinned one  {grouped(pinned)}", "named": f"the roster's    {grouped(named)}"}

    def fields(values: Values) -> list[Field]:
        which = values.get("which", "pinned")
        help_ = "Which key is theirs? Ask them by another way than mail. The other one is used no more."
        found = [Field("which", "right is", "choice", which, tuple(shown), shown=shown, help=help_)]
        if which == "pinned":
            help_ = "Why is the roster's key not used? It is recorded; mend the roster too."
            found.append(Field("why", "why", value=values.get("why", ""), help=help_))
        return found

    values: Values = {}
    while True:
        given = await desk.wait_for(FormScreen(f"Two keys for {address}", fields(values), adapt=fields))
        if given is None:
            return
        values = given
        if values["which"] == "named":
            await _pin_this(desk, address, named, case)
            return
        try:
            await desk.ask(UnpinKey(address=address, fingerprint=named, why=values["why"]))
        except SecconError as error:
            desk.show_error(error)
            continue
        desk.say("The pinned key is used; the roster's is not trusted any more.")
        return


async def _pin_this(desk: Desk, address: str, named: Fingerprint, case: int) -> None:
    offers: Offers = await desk.ask(FindKeys(address=address, case=case))
    wanted = tuple(one for one in offers.keys if one.key.fingerprint == named)
    if not wanted:
        desk.say(
            f"The roster's key {grouped(named)} is not in the keyring: import it first (seccon keys import FILE).", wrong=True
        )
        return
    await pin(desk, msgspec.structs.replace(offers, keys=wanted), wanted[0], case)


async def _done(desk: Desk, offers: Offers, chosen: Chosen, case: int) -> bool:
    """Do what was chosen; True when the keys are done with."""
    try:
        if chosen.verb == "look-up":
            found = await look_up(desk, offers.address)
            return found is not None and await pin(desk, found, found.keys[0], case)
        if chosen.offer is None:
            return False
        if chosen.verb == "pin":
            return await pin(desk, offers, chosen.offer, case)
        await desk.ask(TakeKey(fingerprint=chosen.offer.key.fingerprint, material=chosen.offer.material))
        desk.say("The key lies in the keyring now, as much as is known of it.")
        if chosen.offer.pinned and case:
            await desk.ask(VerifyAgain(case=case, address=offers.address))
    except SecconError as error:
        desk.show_error(error)
        return False
    return chosen.offer.pinned


async def pin(desk: Desk, offers: Offers, first: Offer, case: int) -> bool:
    """Have the fingerprint compared, until a key is pinned (True) or the person leaves. What was typed stays."""
    values: Values = {"key": first.key.fingerprint}
    while True:
        given = await desk.wait_for(_form(offers, values))
        if given is None:
            return False
        values = given
        try:
            if given["key"] == _ELSEWHERE:
                offers = await look_up(desk, offers.address, offers) or offers
                values = {**values, "key": offers.keys[0].key.fingerprint}
                continue
            await desk.ask(_request(offers, values))
        except SecconError as error:
            desk.show_error(error)
            continue
        desk.say(f"The key is trusted for {offers.address}.")
        if case:
            await desk.ask(VerifyAgain(case=case, address=offers.address))
        return True


def _form(offers: Offers, typed: Values) -> FormScreen:
    def advise(values: Values) -> tuple[Line, ...]:
        one = _chosen(offers, values)
        return tuple(brief_lines(one)) if one else (Line("Its server learns that somebody looks for this address.", "warn"),)

    title = f"Trust a key for {offers.address}"
    return FormScreen(title, _fields(offers, typed), advise=advise, adapt=lambda values: _fields(offers, values))


def _chosen(offers: Offers, values: Values) -> Offer | None:
    return next((one for one in offers.keys if one.key.fingerprint == values.get("key")), None)


def _fields(offers: Offers, values: Values) -> list[Field]:
    """Ask for the key; then for what proves it; and, where another one is trusted, for the reason."""
    one = _chosen(offers, values)
    shown: dict[str, str] = {each.key.fingerprint: grouped(each.key.fingerprint) for each in offers.keys}
    shown[_ELSEWHERE] = f"none of these: ask {offers.address.rpartition('@')[2]} (network)"
    help_ = "The key that is to be trusted. What it says of itself proves nothing."
    found = [Field("key", "key", "choice", values.get("key", ""), tuple(shown), shown=shown, help=help_)]
    if one is None:
        return found
    way = values.get("way", "compared") if one.vouched else "compared"
    if one.vouched:
        help_ = "Comparing by another way is the better evidence: it holds though the old key was stolen."
        found.append(Field("way", "evidence", "choice", way, tuple(_WAYS), shown=_WAYS, help=help_))
    if way == "compared":
        help_ = "As they gave it by another way: telephone, their page, in person. All 40 digits, with spaces or without."
        found.append(Field("compared", "fingerprint they gave", value=values.get("compared", ""), help=help_))
        found.append(Field("how", "how", value=values.get("how", ""), help="How was it compared?"))
    if one.change or way == "signed":
        help_ = "Another key is trusted now. Why is it replaced? It is recorded; the old key stays on record."
        found.append(Field("why", "why it changed", value=values.get("why", ""), help=help_))
    return found


def _request(offers: Offers, values: Values) -> Request:
    one = next(each for each in offers.keys if each.key.fingerprint == values["key"])
    why = values.get("why", "").strip()
    material = one.material if one.update or not one.held else b""
    if values.get("way") == "signed":
        return PinVouched(
            address=offers.address, fingerprint=one.key.fingerprint, mail=MessageId(one.mail or offers.mail), why=why,
            replaces=one.replaces, material=material,
        )  # fmt: skip
    if one.change and len(why) < 3:
        raise RefusedError("key-change", "Write why the key changed.", "seccon")
    how = values.get("how", "").strip()
    if one.change and len(how) >= 3:
        how = f"{how}; it replaces {one.trusted}: {why}"
    pinning = PinKey(
        address=offers.address,
        fingerprint=one.key.fingerprint,
        compared=values.get("compared", ""),
        how=how,
        replaces=one.replaces,
    )
    return TakeAndPin(pin=pinning, material=material)


async def look_up(desk: Desk, address: str, known: Offers | None = None) -> Offers | None:
    """Ask the address's domain, once the person said yes; None where nothing came of it. `known` are offered as well."""
    domain = address.rpartition("@")[2]
    said = f"This asks {domain} over the network. It learns that somebody here looks for {address}. Nothing else leaves."
    ask = Field("go", "ask over the network", "choice", "no", ("no", "yes"), help=said)
    given = await desk.wait_for(FormScreen(f"Look up a key at {domain}", (ask,), does="go on"))
    if given is None or given["go"] != "yes":
        return None
    try:
        found: Offers = await desk.ask(LookUpKey(address=address, agreed=True))
    except SecconError as error:
        desk.show_error(error)
        return None
    if not found.keys:
        desk.say(f"{domain} publishes nothing that is a key.", wrong=True)
        return None
    before = {one.key.fingerprint: one for one in known.keys} if known else {}
    merged = {**{one.key.fingerprint: one for one in found.keys}, **before}
    return msgspec.structs.replace(found, keys=ordered(merged.values()), mail=known.mail if known else "")


async def try_key(desk: Desk, watched: Watched) -> None:
    """Encrypt a line to a key, and open it again where that can be done; a locked key is asked for."""
    if watched.fingerprint is None:
        return
    from seccon.screens.flows.secret import with_secret_key

    key = watched.fingerprint
    tried: Tried | None = await with_secret_key(desk, lambda phrase: desk.ask(TryKey(fingerprint=key, passphrase=phrase)))
    if tried is None:
        return
    desk.say(tried.sentence, wrong=not tried.works)


async def unpin(desk: Desk, watched: Watched) -> None:
    """No longer trust a key for an address."""
    why = Field("why", "why", help=f"Why is this key no longer trusted for {watched.address}? It stays on record.")
    given = await desk.wait_for(FormScreen(f"Trust no longer: {watched.address}", (why,)))
    if given is not None:
        wanted = cast("Fingerprint", watched.fingerprint)
        await desk.ask(UnpinKey(address=watched.address, fingerprint=wanted, why=given["why"]))
        desk.say(f"That key is trusted for {watched.address} no more.")
