"""Bytes of a mail to values, within bounds.

The structure of a mail is found here by a small reader of its own rather than by `email.feedparser`: a signature covers bytes as
they stand in the file, so parts must be slices of it, not copies written anew; what is shown and what was verified then cannot
differ; and a limit can be kept while reading (the library takes 11 s for 100,000 parts, and recurses to death on 300 levels).
The library decodes parameters, base64 and quoted-printable.
"""
