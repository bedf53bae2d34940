"""The figures of a hub: the headline number, its goal, and what is not known."""
