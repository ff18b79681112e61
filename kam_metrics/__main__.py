"""`python -m kam_metrics`: the command line without installing it."""

from kam_metrics.cli import main

if __name__ == "__main__":
    main()
