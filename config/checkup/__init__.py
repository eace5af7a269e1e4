"""Checkup: what `rillcast doctor` looks at, each in a file of its own."""
