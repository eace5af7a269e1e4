"""`python -m config`: the command line without the installed script."""

from config.cli import main

if __name__ == "__main__":
    main()
