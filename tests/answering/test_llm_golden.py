"""The golden set's own reference answers as a model's replies: true ones are mostly proved, altered ones never."""

import re
from pathlib import Path

import pytest

from copilot.answering.verification import plain
from copilot.settings import load_settings
from copilot.testing_llm import Request, ScriptedServer
from copilot.types import Question
from copilot.wiring import open_copilot
from evals.cases import load_cases
from evals.types import Case

GOLDEN = Path(__file__).resolve().parents[2] / "evals" / "golden" / "questions.jsonl"
EVERY = 4


def _altered(case: Case) -> str:
    """The reference with its first number raised by seven; empty where its source holds that one, too."""
    found = re.search(r"\d+", case.reference)
    raised = str(int(found[0]) + 7) if found else ""
    if found is None or any(raised in source.quote for source in case.sources):
        return ""
    return case.reference[: found.start()] + raised + case.reference[found.end() :]


def _proving(case: Case, prompt: str) -> list[int]:
    """The numbers of the passages of a prompt that hold a source of the case."""
    texts: dict[int, str] = {}
    number = 0
    for line in prompt.splitlines():
        mark = re.match(r"\[(\d+)\]", line)
        number = int(mark[1]) if mark else number
        texts[number] = texts.get(number, "") + plain(line.removeprefix("> "))
    wanted = [[plain(cell) for cell in re.split(r"[|\t]", item.quote) if cell.strip()] for item in case.sources]
    return [number for number, text in texts.items() if number and any(all(c in text for c in w) for w in wanted)]


@pytest.mark.slow
@pytest.mark.long
def test_true_references_are_mostly_proved_and_altered_ones_never(all_samples_data_dir: Path) -> None:
    cases = [case for case in load_cases(GOLDEN) if case.reference and case.sources and not case.turns][::EVERY]
    replies: dict[str, str] = {}
    handed: set[str] = set()

    def script(request: Request) -> str:
        found = _proving(now[0], request.user)
        handed.update([now[0].id] if found else [])
        return replies["text"].rstrip(".") + ". " + "".join(f"[{marker}]" for marker in found[:2])

    def written(case: Case, text: str) -> bool:
        now[0], replies["text"] = case, text
        asked = Question(case.question, language=case.language, answer_language=case.answer_language, as_of=case.as_of)
        return any(claim.kind == "generated" for claim in copilot.ask(asked, case.principal).claims)

    now = cases[:1]
    with ScriptedServer(script) as server:
        llm = {"base_url": server.url, "model": "reference", "token_budget": 12000, "context_window": 16000}
        with open_copilot(load_settings(data_dir=all_samples_data_dir, llm=llm)) as copilot:
            true = {case.id for case in cases if written(case, case.reference)}
            numbered = [case for case in cases if _altered(case)]
            false = {case.id for case in numbered if written(case, _altered(case))}
    assert len(handed) > 20 and len(true) >= 0.7 * len(handed), f"{len(true)} of {len(handed)} were proved"
    assert not false, f"of {len(numbered)} altered answers these were proved: {sorted(false)}"
