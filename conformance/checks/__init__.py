"""The rules, as pure functions from what was observed to what is wrong with it."""
