"""What the catalog keeps of work and use: outcomes, jobs, feedback, conversations."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from copilot.catalog.nouns import Conversation, Feedback, Turn
from copilot.catalog.rows import now, to_conversation, to_feedback, to_job, to_outcome, to_turn
from copilot.catalog.tables import ConversationRow, FeedbackRow, JobRow, OutcomeRow, TurnRow
from copilot.errors import UsageError
from copilot.types import Answer, Job, Outcome, Principal, to_json

QUEUED, RUNNING, DONE, FAILED = "queued", "running", "done", "failed"
_TITLE_CHARS = 120


class ActivityStore:
    """Outcomes, jobs, feedback and conversations; each method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def _session(self) -> Session:
        return Session(self._engine, expire_on_commit=False)

    # outcomes

    def record_outcome(self, run: str, outcome: Outcome) -> None:
        """Keep what became of one file in a run."""
        self.record_outcomes(run, [outcome])

    def record_outcomes(self, run: str, outcomes: Iterable[Outcome]) -> None:
        """Keep what became of files in a run."""
        with self._session() as session, session.begin():
            for outcome in outcomes:
                columns = {name: getattr(outcome, name) for name in Outcome.__slots__ if name != "status"}
                session.add(OutcomeRow(run=run, at=now(), status=outcome.status.value, **columns))

    def outcomes(self, run: str = "") -> list[Outcome]:
        """The outcomes of a run, or the latest of each file; by address."""
        query = select(OutcomeRow)
        if run:
            query = query.where(OutcomeRow.run == run)
        else:
            latest = select(func.max(OutcomeRow.number)).group_by(OutcomeRow.uri)
            query = query.where(OutcomeRow.number.in_(latest))
        with self._session() as session:
            return [to_outcome(row) for row in session.scalars(query.order_by(OutcomeRow.uri, OutcomeRow.number))]

    # jobs

    def enqueue_job(self, paths: Sequence[str], kb: str, requested_by: str) -> Job:
        """Queue an ingest for the worker."""
        row = JobRow(
            paths=list(paths),
            kb=kb,
            requested_by=requested_by,
            state=QUEUED,
            progress=0.0,
            message="",
            created=now(),
        )
        with self._session() as session:
            with session.begin():
                session.add(row)
            return to_job(row)

    def next_job(self) -> Job | None:
        """Take the oldest queued job and mark it as running; None where none waits."""
        while True:
            with self._session() as session, session.begin():
                row = session.scalar(select(JobRow).where(JobRow.state == QUEUED).order_by(JobRow.id).limit(1))
                if row is None:
                    return None
                # The guard on the state keeps two workers from taking one job.
                taken = session.execute(
                    update(JobRow).where(JobRow.id == row.id, JobRow.state == QUEUED).values(state=RUNNING)
                    .execution_options(synchronize_session=False)
                )  # fmt: skip
                if taken.rowcount == 1:  # type: ignore[attr-defined]
                    session.refresh(row)
                    return to_job(row)

    def update_job(
        self, job_id: int, *, state: str = "", progress: float | None = None, message: str | None = None
    ) -> None:
        """Note how a job goes on; what is not given stays."""
        values = {"state": state or None, "progress": progress, "message": message}
        changed = {name: value for name, value in values.items() if value is not None}
        with self._session() as session, session.begin():
            session.execute(update(JobRow).where(JobRow.id == job_id).values(**changed))

    def requeue_running(self) -> int:
        """Queue again what a worker that ended left running; only the one worker may call this."""
        with self._session() as session, session.begin():
            done = session.execute(update(JobRow).where(JobRow.state == RUNNING).values(state=QUEUED))
            return int(done.rowcount)  # type: ignore[attr-defined]

    def jobs(self, limit: int = 100) -> list[Job]:
        """The newest jobs first."""
        with self._session() as session:
            return [to_job(row) for row in session.scalars(select(JobRow).order_by(JobRow.id.desc()).limit(limit))]

    # feedback

    def add_feedback(self, principal: Principal, question: str, verdict: str, comment: str = "") -> Feedback:
        """Keep a reader's verdict (up or down) on an answer; raises UsageError for another verdict."""
        if verdict not in ("up", "down"):
            raise UsageError(f"The verdict '{verdict}' is not known.", "Give 'up' or 'down'.")
        row = FeedbackRow(
            principal=principal.id, question=question, verdict=verdict, comment=comment, created=now()
        )  # fmt: skip
        with self._session() as session:
            with session.begin():
                session.add(row)
            return to_feedback(row)

    def feedback(self, limit: int = 1000) -> list[Feedback]:
        """The newest feedback first."""
        query = select(FeedbackRow).order_by(FeedbackRow.id.desc()).limit(limit)
        with self._session() as session:
            return [to_feedback(row) for row in session.scalars(query)]

    # conversations

    def save_turn(self, principal: Principal, answer: Answer, conversation: str = "") -> Turn:
        """Add a turn to the principal's conversation, or begin one where none (or another's) is named."""
        moment = now()
        with self._session() as session:
            with session.begin():
                head = session.get(ConversationRow, conversation) if conversation else None
                if head is None or head.principal != principal.id:
                    # Another's conversation is not told from a missing one.
                    name = conversation if conversation and head is None else uuid.uuid4().hex
                    title = answer.question.strip()[:_TITLE_CHARS]
                    head = ConversationRow(id=name, principal=principal.id, title=title, created=moment, updated=moment)
                    session.add(head)
                    session.flush()
                head.updated = moment
                # A spelling is some document's, and nothing in the turn would tell whose: it is offered anew or not.
                content = json.loads(json.dumps(to_json(replace(answer, did_you_mean=()))))
                row = TurnRow(conversation=head.id, question=answer.question, answer=content, created=moment)
                session.add(row)
            return to_turn(row)

    def conversations(self, principal: Principal, limit: int = 50) -> list[Conversation]:
        """The principal's own conversations, the last used first."""
        query = (
            select(ConversationRow).where(ConversationRow.principal == principal.id)
            .order_by(ConversationRow.updated.desc()).limit(limit)
        )  # fmt: skip
        with self._session() as session:
            return [to_conversation(row) for row in session.scalars(query)]

    def turns(self, principal: Principal, conversation: str) -> list[Turn]:
        """The turns of one of the principal's own conversations in order; none where it is not theirs.

        The answers are as they were given: ``Library.turns`` withholds what may no longer be read.
        """
        query = (
            select(TurnRow).join(ConversationRow, ConversationRow.id == TurnRow.conversation)
            .where(TurnRow.conversation == conversation, ConversationRow.principal == principal.id)
            .order_by(TurnRow.id)
        )  # fmt: skip
        with self._session() as session:
            return [to_turn(row) for row in session.scalars(query)]
