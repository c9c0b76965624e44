"""`python -m copilot`: the same as the command `copilot`."""

from copilot.cli import main

if __name__ == "__main__":
    main()
