"""Turns a notice into a mail in the reader's language and hands it to a mail server."""
