"""Postings: roles that employers open, what they require, and the review before they go live."""
