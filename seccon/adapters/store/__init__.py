"""The team's notmuch store, read-only: `client` asks, `child` answers in a process of its own, `memory` is the twin for tests.

Nothing is imported here: the child starts through this package, and its start is part of the console's.
"""
