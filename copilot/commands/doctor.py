"""`copilot doctor`: what works here, what is missing, what that costs and what to do."""

from __future__ import annotations

import typer

from copilot.commands import EXIT_DONE, EXIT_FAILED
from copilot.commands.options import Json


def doctor(json: Json = False) -> None:
    """Check what works here and what is missing.

    The installation, the data folder, and that catalog and index agree; exits 1 if something needed is broken.
    """
    from copilot import doctor as checks
    from copilot.commands import output

    with output.quiet_stdout() as out:
        report = checks.examine()
        if json:
            output.write_json(out, report)
        else:
            out.write(checks.text(report) + "\n")
    raise typer.Exit(EXIT_DONE if report.usable else EXIT_FAILED)
