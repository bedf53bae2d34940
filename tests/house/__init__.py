"""The rules of the house, checked: `./dev check` runs them all, and the tests run them one by one."""
