"""Tests of the pages and of mail."""
