"""The built-in commands, one file each, and what they share: options, principal, output."""

EXIT_DONE = 0
EXIT_FAILED = 1
EXIT_USAGE = 2
