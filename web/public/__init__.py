"""Pages for everybody: the hub's front door, open roles, programs, partners, and how things work."""
