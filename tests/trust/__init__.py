"""Tests of what must hold when something goes wrong or somebody means harm."""
