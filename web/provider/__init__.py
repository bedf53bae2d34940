"""The training provider's pages: programs, cohorts, completions, endorsements, outcomes."""
