"""The employer's pages: commitments, roles, matches, applications, hires."""
