"""Its place puts the project's root on `sys.path`, so that tests can import `tests.keysmith`."""

from hypothesis import settings

# How long an example takes is the machine's: a busy one failed tests by the library's 200 ms.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
