"""Hubs, the organizations that partner in them, their members, and what employers commit to."""
