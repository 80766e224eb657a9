"""The tables of a policy that look outward: the embargo, who allocates CVE ids, lists outside that have rules of their own."""

from typing import Literal

import msgspec

from seccon.core.condition import Condition
from seccon.core.spans import Span


class Limit(msgspec.Struct, frozen=True):
    """How long an embargo window may be. Only `hard` refuses; `aim` wants a written reason."""

    id: str
    length: Span
    strength: Literal["hard", "aim"]
    sentence: str
    source: str
    when: tuple[Condition, ...] = ()


class EmbargoRule(msgspec.Struct, frozen=True):
    """When there is an embargo, who must agree, how long it may be."""

    wanted: tuple[Condition, ...] = ()
    forbidden: tuple[Condition, ...] = ()
    """It refuses when these hold; none given: never."""
    forbidden_because: str = ""
    agree: tuple[Literal["team", "reporters", "parties"], ...] = ("team", "reporters")
    limit: tuple[Limit, ...] = ()
    default: Span = Span(2, "weeks")
    counts_from: str = ""
    """The event from which windows are counted, such as `fix-proposed`; empty: the day on which the date is set."""
    avoid: tuple[Literal["friday", "weekend", "holiday"], ...] = ("friday", "weekend", "holiday")
    """Days that are warned of."""
    warn: tuple[Span, ...] = (Span(3, "days"), Span(1, "days"))
    """How long before its end people are reminded of it."""
    restart_because: str = ""
    """What a restart is for; empty: the process knows no restart."""
    hour: str = "12:00"
    zone: str = "UTC"
    source: str = ""


class CveRule(msgspec.Struct, frozen=True):
    """`[cve]`: who allocates CVE ids, and how they are asked."""

    cna: str = ""
    """Who allocates them, in words."""
    request_to: str = ""
    """The address that is asked; empty: they are asked by a form."""
    form: str = ""
    """Where the form is."""
    own: bool = False
    """The team has a CNA's credentials itself: publishing the records is its own duty."""
    product: str = ""
    """The product's name, as a request states it."""
    when: tuple[Condition, ...] = ()
    """An id is asked for only where these hold; none given: at any time."""
    because: str = ""
    """The sentence that says so."""
    source: str = ""


class Preflight(msgspec.Struct, frozen=True):
    """One thing that a list wants of each mail to it (features, F6)."""

    id: str
    check: Literal["tag", "date", "limit", "secret", "encrypted", "also", "before"]
    sentence: str
    source: str
    strength: Literal["hard", "aim", "note"] = "hard"
    """`hard`: nothing sets it aside; `aim`: a written reason does; `note`: it is only said."""
    tag: str = ""
    """For `tag`: what the Subject that everybody can read begins with."""
    list: str = ""
    """For `also`: the public list to which whoever posts must post too, on the date."""
    address: str = ""
    """For `before`: who must have been told before."""


class Outside(msgspec.Struct, frozen=True):
    """A list outside the project whose own rules count from the first mail to it. Its tables are those of the policy it names."""

    id: str
    address: str
    policy: str
    """The file in policies/ that holds its rules."""
    name: str = ""
    also: tuple[str, ...] = ()
    """Its other addresses."""
    needs: tuple[Condition, ...] = ()
    """This process lets a mail go there only where these hold."""
    needs_because: str = ""
    source: str = ""
    title: str = ""
    """The title of its own policy."""
    embargo: EmbargoRule = EmbargoRule()
    """Its limits."""
    preflight: tuple[Preflight, ...] = ()
    """What it wants of a mail to it."""

    @property
    def label(self) -> str:
        """What people call it."""
        return self.name or self.id
