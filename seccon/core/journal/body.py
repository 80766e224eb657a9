"""The base of all bodies."""

import msgspec


class Body(msgspec.Struct, frozen=True, tag_field="kind", kw_only=True, omit_defaults=True):
    """What an entry says; its tag is the entry's kind. `v` is the version of the body's form."""

    v: int = 1
