"""Bytes to text under the charset that a mail names, if it is one: Python also has codecs that are none (rot13, zlib, idna)."""

import codecs
import re

_NAME = re.compile(r"[A-Za-z0-9_.:+-]{1,40}")
_REAL = re.compile(
    r"ascii|utf-8|utf-8-sig|utf-7|utf-16.*|utf-32.*|iso8859-.*|cp\d+|koi8-.|gb2312|gbk|gb18030|big5.*|euc_.*|shift_jis.*"
    r"|iso2022_.*|hz|johab|mac-?.*|tis-620|kz1048|ptcp154|hp-roman8|latin.*"
)
_ALIASES = {"unicode-1-1-utf-7": "utf-7", "unicode-1-1-utf-8": "utf-8", "x-sjis": "shift_jis"}
"""Names that old mail uses and Python does not know."""
_CLEAN = (None, "ascii", "utf-8", "iso8859-1", "iso8859-15", "cp1252")
"""Codecs that can give no surrogate; looking for one costs more than decoding."""
_ASCII = bytes(range(0x20, 0x7F)) + b"\n"
_SURROGATE = re.compile("[\ud800-\udfff]")


def decode(data: bytes, charset: str | None) -> tuple[str, bool]:
    """Decode, never failing and never giving a surrogate; also say whether the bytes were all valid under the charset named."""
    codec = _codec(charset) if charset else "utf-8"
    known = codec is not None
    try:
        return _scrub(data.decode(codec or "utf-8"), codec), known
    except (UnicodeError, ValueError):
        pass
    if codec in (None, "ascii", "utf-8"):
        return _guess(data), False
    return _scrub(data.decode(codec or "utf-8", "replace"), codec), False


def keeps_ascii(charset: str | None) -> bool:
    """Say whether ASCII text stays what it is under a charset: UTF-7, HZ, UTF-16 or EBCDIC make other letters of it."""
    codec = _codec(charset) if charset else "utf-8"
    try:
        return codec is not None and _ASCII.decode(codec) == _ASCII.decode("ascii")
    except (UnicodeError, ValueError):
        return False


def _codec(charset: str) -> str | None:
    """Give Python's name of a real charset; None for everything else."""
    name = charset.strip().strip("'\"").lower()
    name = _ALIASES.get(name, name)
    if not _NAME.fullmatch(name):
        return None
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    return found if _REAL.fullmatch(found) else None


def _guess(data: bytes) -> str:
    """Decode bytes that name no charset, or a wrong one: UTF-8, else what Windows would have meant."""
    try:
        return data.decode("utf-8")
    except UnicodeError:
        return data.decode("cp1252", "replace")


def _scrub(text: str, codec: str | None) -> str:
    """Drop lone surrogates, which UTF-7 can bring: nothing can write them again."""
    return text if codec in _CLEAN else _SURROGATE.sub("\ufffd", text)
