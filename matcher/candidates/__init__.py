"""Candidate profiles: experience, skills with evidence, preferences, consents."""
