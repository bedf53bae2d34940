"""The domain of First Rung: people, organizations, roles, matches, placements, and the ranking between them."""
