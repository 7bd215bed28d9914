"""Run the command line, as ``syndicate`` and as ``python -m syndicate``."""

import sys

__all__ = ["run"]


def run() -> None:
    """Import the command line and run it. Ctrl-C during the import is one line, too."""
    try:
        from syndicate.cli.main import main

        main()
    except KeyboardInterrupt:
        sys.stderr.write("Stopped. Nothing was changed.\n")
        sys.exit(130)


if __name__ == "__main__":
    run()
