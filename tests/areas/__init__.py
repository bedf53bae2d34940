"""Tests of the domain, area by area."""
