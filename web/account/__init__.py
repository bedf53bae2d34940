"""Accounts: sign up, sign in, second factor, sessions, organizations and invitations."""
