"""The workforce organization's pages: the people who agreed to its support."""
