"""Placements and the checks that follow them for a year."""
