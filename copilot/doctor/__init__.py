"""The doctor: what works on this machine, what is missing, what that costs, and what to do about it."""

from __future__ import annotations

from copilot.doctor.checks import Check, Report, State
from copilot.doctor.data import check_data, check_settings
from copilot.doctor.installation import check_installation
from copilot.errors import SettingsError
from copilot.settings import Settings, load_settings

__all__ = ["Check", "Report", "State", "examine", "text"]


def examine() -> Report:
    """Run every check; settings that cannot be taken are a finding, not an error."""
    settings: Settings | None = None
    try:
        settings = load_settings()
        checks = [check_settings(None)]
    except SettingsError as error:
        checks = [check_settings(error)]
    checks += check_installation(settings)
    if settings is not None:
        checks += check_data(settings)
    return Report.of(checks)


def text(report: Report) -> str:
    """The report for people: one line a check, and below what is not well what it costs and the cure."""
    width = max(len(check.name) for check in report.checks)
    lines = []
    for check in report.checks:
        lines.append(f"{check.state.value:<8}{check.name:<{width}}  {check.detail}".rstrip())
        if check.state is not State.OK:
            lines += [f"        {label}: {words}" for label, words in
                      (("costs", check.cost), ("cure", check.cure)) if words]
    absent = sum(check.state is not State.OK for check in report.checks)
    verdict = "usable" if report.usable else "not usable: see the needed checks that are broken or missing"
    return "\n".join([*lines, "", f"{len(report.checks)} checks, {absent} not ok: {verdict}"])
