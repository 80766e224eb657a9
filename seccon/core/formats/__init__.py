"""The forms of an advisory, one file a form: each gives its text from one `Advisory`, and names what it lacks for that.

A form that lacks something is not written at all: half a record is a wrong one.
"""

import importlib
from typing import Any

import msgspec

from seccon.core.advisory import Advisory


class Form(msgspec.Struct, frozen=True):
    """One form: `module` has `missing(advisory)` and `write(advisory)`."""

    id: str
    title: str
    ending: str
    """How its files are called."""
    module: str


FORMS = (
    Form("text", "plain text", "txt", "text"),
    Form("md", "Markdown", "md", "markdown"),
    Form("cve", "CVE Record 5.1", "json", "cve"),
    Form("cna", "CVE Record, the CNA's container", "json", "cna"),
    Form("csaf", "CSAF 2.0", "json", "csaf"),
    Form("osv", "OSV", "json", "osv"),
    Form("lsn", "security notice (XML)", "xml", "notice"),
)
"""In the order in which they are offered."""


class Lack(msgspec.Struct, frozen=True):
    """Something that a form needs and the case does not tell; `key` is what fills it in the console."""

    what: str
    key: str = "E"

    def __str__(self) -> str:
        return f"{self.what} ({self.key})" if self.key else self.what


class Document(msgspec.Struct, frozen=True):
    """A form, written: or what it lacks, and then no text."""

    form: Form
    name: str
    """The file's name."""
    text: str = ""
    lacks: tuple[Lack, ...] = ()


def form_of(name: str) -> Form:
    """Find a form. Raises KeyError."""
    return next(one for one in FORMS if one.id == name) if name in FORM_NAMES else _unknown(name)


FORM_NAMES = tuple(one.id for one in FORMS)


def _unknown(name: str) -> Form:
    raise KeyError(name)


def document(form: Form, advisory: Advisory) -> Document:
    """Write a form, or say what it lacks."""
    module: Any = importlib.import_module(f"seccon.core.formats.{form.module}")
    name = file_name(form, advisory)
    lacks: tuple[Lack, ...] = module.missing(advisory)
    return Document(form, name, lacks=lacks) if lacks else Document(form, name, module.write(advisory))


def file_name(form: Form, advisory: Advisory) -> str:
    """Give the name that a document's file has: letters that mean nothing to any system."""
    stem = advisory.cve or advisory.label if form.id in ("cve", "cna", "osv") else advisory.name
    kept = "".join(one if one.isascii() and (one.isalnum() or one in "-_+") else "_" for one in stem.casefold())
    draft = "-draft" if advisory.draft else ""
    mark = "-cna" if form.id == "cna" else ""
    return f"{kept or 'advisory'}{mark}{draft}.{form.ending}"
