"""The second rating: who asks for it, what is sealed until it is given, and the veil over what is sealed (features, T4).

`veil` is the one place where a rating is kept from somebody: it is laid over entries where they are read, so that state, card,
history and form can show only what is left. Lists are the same for everybody: `case.severity` is empty while it is sealed.
"""

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Literal

import msgspec

from seccon.core.condition import holds
from seccon.core.journal import Entry
from seccon.core.journal.cases import Assessed
from seccon.core.team import Roster

if TYPE_CHECKING:
    from seccon.core.case import Assessment, Case
    from seccon.core.policy import Policy

Wish = Literal["", "none", "open", "blind"]
WORDS = "rated, sealed until a colleague has rated it too"
SEALED = Assessed(genuine="unknown", misuse="unknown", why=WORDS, second="blind")
"""What others are shown in place of a sealed rating: the same, whatever was rated."""
SECOND = "second rating for "
"""How the title of its step begins; a login follows."""
COLLEAGUE = "colleague rates"
"""What that step is called to whoever rated first."""
_STRENGTH = ("", "none", "open", "blind")


def veil(entries: Sequence[Entry], person: str) -> tuple[Entry, ...]:
    """Give all entries of a case as a person may see them; `person` is a login, empty for nobody in particular."""
    if not any(isinstance(one.body, Assessed) and one.body.second == "blind" for one in entries):
        return tuple(entries)
    from seccon.core.case import fold  # only here: entries are read before the first screen, and few are sealed

    hidden = iter([one.sealed and person not in (one.by, *one.seen_by) for one in fold(entries).assessments])
    return tuple(
        msgspec.structs.replace(one, body=SEALED) if isinstance(one.body, Assessed) and next(hidden) else one for one in entries
    )


def veiled(case: "Case") -> bool:
    """Say whether the rating that counts is kept from whoever is given this case."""
    return case.assessment is not None and is_veiled(case.assessment)


def is_veiled(rating: "Assessment") -> bool:
    """Say whether this is what stands in place of a sealed rating."""
    return rating.sealed and rating.body == SEALED


def would_be_blind(case: "Case", person: str) -> bool:
    """Say whether a person who rates now has seen no colleague's rating: every one of them is veiled for them."""
    return all(is_veiled(one) for one in case.assessments if one.by != person)


def asked_by(policy: "Policy", known: Collection[str], word: str) -> Wish:
    """Give what the process asks of a rating with this severity; `known` are the facts of the case so rated."""
    rule = policy.severity.second
    if rule.how == "none" or not holds(rule.when, known, policy.rank(word), policy.severity.scale):
        return ""
    return rule.how


def weaker(wish: Wish, asked: Wish) -> bool:
    """Say whether a rater asks for less than the process does."""
    return _STRENGTH.index(wish or "none") < _STRENGTH.index(asked or "none")


def given(case: "Case") -> bool:
    """Say whether the second rating that was asked for is there."""
    rating = case.assessment
    return rating is not None and (rating.answered or (rating.body.second in ("", "none") and bool(case.work.seconds)))


def difference(case: "Case", called: Callable[[str], str]) -> str:
    """Say what both ratings were, where they differ and nobody has rated since; else nothing. `called`: login -> name."""
    if settled(case) or case.sealed or case.assessment is None or not case.work.seconds:
        return ""
    second = case.work.seconds[-1]
    first, other = called(case.assessment.by), called(second.by)
    return f"{first} rated {word(case.severity)}, {other} {word(second.rating.severity)}: s settles it."


def word(severity: str) -> str:
    """Say a rating in words."""
    return severity or "not a security issue"


def settled(case: "Case") -> bool:
    """A second opinion that differs is settled by a rating made after it, by whoever weighed both."""
    if not case.work.seconds or case.assessment is None or case.sealed:
        return False
    return case.work.seconds[-1].rating.severity == case.severity or not case.assessment.answered


def title_for(title: str, person: str, roster: Roster) -> str:
    """Word a step's title for a person: who rated first waits for a colleague, the others are told a name for a login."""
    by = title.removeprefix(SECOND)
    if by == title:
        return title
    return COLLEAGUE if by == person else SECOND + roster.display(by)
