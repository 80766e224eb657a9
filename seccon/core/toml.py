"""A TOML file's bytes to a mapping, or a sentence that says why not."""

import tomllib
from typing import Any

from seccon.core.errors import ConfigError


def table(name: object, data: bytes) -> dict[str, Any]:
    """Read what a file of this name holds. Raises ConfigError."""
    try:
        return tomllib.loads(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise ConfigError(f"{name} is not UTF-8 text.", "Write it anew, or convert it.") from None
    except RecursionError:
        raise ConfigError(f"{name} is nested too deeply.") from None
    except ValueError as error:  # no TOML, or a number of thousands of digits
        raise ConfigError(f"{name} is not valid TOML: {error}.") from None
