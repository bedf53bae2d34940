"""The protected room: voluntary answers about a person, out of reach for matching and employers."""
