"""Answers that are being found: one thread each, which goes on while its reader looks at another page."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict

from copilot.errors import CopilotError
from copilot.types import Answer, Claim, Principal, Question
from copilot.ui.product import product

_log = logging.getLogger(__name__)
_KEPT = 100


class Generation:
    """One question on its way; ``claims`` grow, then ``answer`` or ``error`` is set, then ``done``."""

    def __init__(self, question: Question, principal: Principal) -> None:
        self.question = question
        self.principal = principal
        self.started = time.monotonic()
        self.claims: list[Claim] = []
        self.answer: Answer | None = None
        self.error = ""
        self.saved = False
        self._stop = threading.Event()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, name="copilot-ask", daemon=True)

    def start(self) -> Generation:
        """Begin to ask."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Take no more claims; those found so far stay, the answer is not kept."""
        self._stop.set()
        self._done.set()

    def wait(self, seconds: float) -> bool:
        """Wait at most that long; whether it is done."""
        return self._done.wait(seconds)

    @property
    def done(self) -> bool:
        """Whether nothing more comes."""
        return self._done.is_set()

    @property
    def stopped(self) -> bool:
        """Whether the reader stopped it before its answer was there."""
        return self._stop.is_set() and self.answer is None

    def _run(self) -> None:
        try:
            for item in product.copilot().stream(self.question, self.principal):
                if self._stop.is_set():
                    return
                if isinstance(item, Answer):
                    self._keep(item)
                else:
                    self.claims.append(item)
        except CopilotError as error:
            self.error = f"{error.reason} {error.cure}".strip()
        except Exception as error:
            _log.exception("A question could not be answered.")
            self.error = type(error).__name__
        finally:
            self._done.set()

    def _keep(self, answer: Answer) -> None:
        self.answer = answer
        product.shelf().catalog.save_turn(self.principal, answer, self.question.conversation)
        self.saved = True


_lock = threading.Lock()
_generations: OrderedDict[tuple[str, str], Generation] = OrderedDict()


def ask(question: Question, principal: Principal) -> Generation:
    """Ask in the background; the conversation's earlier generation, if any, is stopped."""
    made = Generation(question, principal)
    key = (principal.id, question.conversation)
    with _lock:
        before = _generations.pop(key, None)
        if before is not None and not before.done:
            before.stop()
        _generations[key] = made
        while len(_generations) > _KEPT:
            _generations.popitem(last=False)
    return made.start()


def generation_of(conversation: str, principal: Principal) -> Generation | None:
    """What is being answered, or could not be, in a conversation of this principal; None where all is kept."""
    with _lock:
        found = _generations.get((principal.id, conversation))
    return None if found is None or found.saved else found
