"""Numbers with their words: `1 mail`, `2 mails`. The one place that knows how a plural is made."""


def count(number: int, one: str, many: str = "") -> str:
    """Write a number with its word; `many` where it is not the word with an s, as in `1 try`, `2 tries`."""
    return f"{number} {word(number, one, many)}"


def word(number: int, one: str, many: str = "") -> str:
    """Give the word alone, as it stands after that number."""
    return one if number == 1 else many or f"{one}s"
