"""Skills and occupations: the shared words that candidates, roles and programs are compared in."""
