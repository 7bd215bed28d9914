"""The command line with the daemon's commands, for other processes: ``python -m``."""

from syndicate.cli import _setting, main
from syndicate.commands.daemon import daemon_command, status_command

for command in (daemon_command(_setting), status_command(_setting)):
    if command.name not in main.commands:
        main.add_command(command)

if __name__ == "__main__":
    main()
