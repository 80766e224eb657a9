"""The meaning: what a report, a case, a clock and an embargo are. No I/O, no clock, no screen; time is an argument."""
