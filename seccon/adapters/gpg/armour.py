"""Mends armour that gpg 2.2 misreads: without a check sum, as RFC 9580 (6.1) wants it, or with a blank line that is not blank.

Where the data's length is a multiple of three there is no padding either, and gpg takes the last line for data. The sum protects
nothing: what is mended here is judged as strictly as before.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error

_BEGIN, _END = b"-----BEGIN PGP ", b"-----END PGP "
_CLEARSIGNED = b"-----BEGIN PGP SIGNED MESSAGE-----"
_SPOILT = re.compile(rb"\A(\s*-----BEGIN PGP MESSAGE-----[ \t]*\r?\n(?:[A-Za-z]+: [^\n]*\n)*)(?:[ \t]|\xc2?\xa0)+(\r?\n)")
"""A message whose blank line after the header holds a no-break space, as Outlook leaves it."""
_MAX_SIGNATURE = 32 << 10
"""Bytes over which a sum is worked out: of clearsigned text it is the signature's alone."""
_START, _POLYNOMIAL = 0xB704CE, 0x1864CFB
"""Of the check sum (RFC 4880, 6.1)."""


def mended(data: bytes) -> bytes:
    """Give armour without a check sum as gpg reads it rightly: bare, or under clearsigned text with a sum; all else as it is."""
    data = _SPOILT.sub(rb"\1\2", data)
    cleared = data.lstrip().startswith(_CLEARSIGNED)
    begin, end = data.rfind(_BEGIN), data.rfind(_END)
    if not 0 <= begin < end or data.count(_BEGIN) != 1 + cleared or data.count(_END) != 1:
        return data  # more than one block is gpg's to refuse
    head, blank, body = data[begin:end].replace(b"\r", b"").partition(b"\n\n")
    lines = body.split()
    if not blank or not lines or (len(lines[-1]) == 5 and lines[-1].startswith(b"=")):
        return data
    try:
        bare = b64decode(b"".join(lines), validate=True)
    except (Base64Error, ValueError):
        return data
    if not cleared:
        return bare
    if len(bare) > _MAX_SIGNATURE:
        return data
    return data[:begin] + head + blank + b"\n".join([*lines, b"=" + b64encode(_sum(bare).to_bytes(3, "big")), data[end:]])


def _sum(data: bytes) -> int:
    """Work out the check sum."""
    found = _START
    for byte in data:
        found ^= byte << 16
        for _ in range(8):
            found = found << 1 ^ (_POLYNOMIAL if found & 0x800000 else 0)
    return found & 0xFFFFFF
