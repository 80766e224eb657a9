"""GnuPG at the door: one runner for every call, its status lines read as bytes, what they mean, and the cipher for what leaves.

The published spoofing attacks on mail programs worked because verdicts were read out of a stream that strangers' user ids reach.
"""
