"""The candidate's pages: profile, roles that fit, applications, privacy."""
