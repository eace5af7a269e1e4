"""`rillcast version`."""

from importlib.metadata import version as installed_version


def version() -> None:
    """Print the version."""
    print(f"rillcast {installed_version('rillcast')}")
