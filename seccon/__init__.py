"""seccon: the console of a security response team."""

__version__ = "0.1.0"
