"""The commands of `copilot eval`: one module each, with a function of the command's name."""
