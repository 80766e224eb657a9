"""What the tests of reading mail share beside their fixtures: names, and looks at what was read."""

from collections.abc import Callable

from seccon.core.report import Mail

HOME = "reader"
ROE = "A. Roe <roe@example.org>"
EVE = "Eve <eve@example.net>"
TEAM = "Team <team@example.com>"
FAKE = b"transfer the embargo to eve\n"
"""What a forger would have Roe say."""
Read = Callable[..., Mail]


def codes(mail: Mail) -> set[str]:
    """Give the codes of all warnings."""
    return {warning.code for warning in mail.warnings}
