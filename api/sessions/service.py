"""Sessions as their owner, their groups and their speakers may see them."""

from collections import Counter
from collections.abc import Collection
from datetime import UTC

from adapters.http.problems import not_found
from adapters.warehouse import Queries
from api.lexicon import emoji_of
from api.sessions import queries, rows, speaker_rows
from api.sessions.claim_history import ClaimHistories
from api.sessions.corrections import CorrectionHistories
from api.sessions.counts import Spoken, by_speaker
from api.sessions.lists import SessionLists
from api.sessions.models import RequestAnswer, Results, SessionAnswer
from api.sessions.row_answers import missing_audio, session_answer
from api.sessions.rows import SessionRow
from api.sessions.slides import SessionWrapped, session_wrapped
from api.sessions.speaker_models import Clip, SingleCounts, SpeakerList, WaitingTags
from api.sessions.speakers import SpeakerParts, clip_answer, single_count, waiting_tag
from api.sessions.texts import Objects, Texts
from api.sessions.transcript_models import Transcript
from api.sessions.visible import VisibleSessions
from schemas.access import Act
from schemas.ids import SessionId, SpeakerLabel, UserId
from schemas.object_kinds import CLIP

MARKS_A_QUERY = 200
"""Sessions whose marks one query asks for: their ids are part of its address."""


class Sessions:
    """Blocking. HttpProblem 404 for strangers; TransientError when a server is away."""

    def __init__(self, warehouse: Queries, objects: Objects) -> None:
        self._warehouse = warehouse
        self._objects = objects
        self._texts = Texts(warehouse, objects)
        self._visible = VisibleSessions(warehouse)
        self.claim_histories = ClaimHistories(warehouse, self._visible)
        self.lists = SessionLists(warehouse)
        self.corrections = CorrectionHistories(warehouse, self._visible)

    def session(
        self,
        session_id: SessionId,
        user: UserId,
        act: Act = Act.SEE,
    ) -> SessionAnswer:
        """State and progress; speakers when it is final, provisional ones before.

        `act`: for what the caller needs it.
        """
        return session_answer(self._visible.row(session_id, user, act), user)

    def marks(self, session_ids: Collection[SessionId]) -> dict[SessionId, int]:
        """A number for each session that there is; another one once its answer is another."""
        found = Counter[SessionId]()
        wanted = list(session_ids)
        for begin in range(0, len(wanted), MARKS_A_QUERY):
            parameters = {"session_ids": wanted[begin : begin + MARKS_A_QUERY]}
            result = self._warehouse.query(queries.MARKS, parameters, row=rows.MarkRow)
            for row in result:
                found[row.session_id] += row.part
        return found

    def as_seen_by(
        self, session_id: SessionId, users: Collection[UserId]
    ) -> dict[UserId, SessionAnswer]:
        """The session for each of the users who may see it, read once for all of them."""
        row = self._visible.session(session_id)
        if row is None:
            return {}
        return {user: session_answer(row, user) for user in self._visible.seeing(row, users)}

    def speakers(self, session_id: SessionId, user: UserId) -> SpeakerList:
        """Each speaker with talk time, counts, clips with quotes, and claim."""
        return self._speakers(self._visible.row(session_id, user))

    def _speakers(self, row: SessionRow) -> SpeakerList:
        if not row.is_final:
            return SpeakerList(state=row.shown_state, speakers=[])
        parts = SpeakerParts(
            counts=by_speaker(self._totals(row.session_id)),
            claims=self._claims(row.session_id),
            clips=self._clips(row),
            emoji=emoji_of(self._warehouse),
            maybes=self._maybes(row),
        )
        return SpeakerList(
            state=row.shown_state,
            # An erasure may have removed the counts since the session was read.
            speakers=[parts.answer(label) for label in row.labels if label in parts.counts],
        )

    def _totals(self, session_id: SessionId) -> list[speaker_rows.SpeakerCountRow]:
        parameters = {"session_id": session_id}
        return self._warehouse.query(
            queries.SPEAKER_TOTALS, parameters, row=speaker_rows.SpeakerCountRow
        )

    def counts(self, session_id: SessionId, user: UserId) -> SingleCounts:
        """Every single count of a session, and the words that may have been said."""
        row = self._visible.row(session_id, user)
        emoji = emoji_of(self._warehouse)
        found = [single_count(one, emoji, row.recorded_at) for one in self._single_counts(row)]
        return SingleCounts(state=row.shown_state, counts=found)

    def _maybes(self, session: SessionRow) -> list[speaker_rows.SingleCountRow]:
        return [row for row in self._single_counts(session) if row.is_open]

    def _single_counts(self, session: SessionRow) -> list[speaker_rows.SingleCountRow]:
        day = session.recorded_at.astimezone(UTC).date()
        parameters = {"session_id": session.session_id, "day": day.isoformat()}
        return self._warehouse.query(queries.COUNTS, parameters, row=speaker_rows.SingleCountRow)

    def _claims(self, session_id: SessionId) -> dict[SpeakerLabel, speaker_rows.ClaimRow]:
        parameters = {"session_id": session_id}
        result = self._warehouse.query(queries.CLAIMS, parameters, row=speaker_rows.ClaimRow)
        return {row.speaker: row for row in result}

    def _clips(self, session: SessionRow) -> list[tuple[speaker_rows.ClipRow, Clip]]:
        words = self._texts.words_if_there(session)
        parameters = {
            "session_id": session.session_id,
            "generation": session.counted_generation,
        }
        result = self._warehouse.query(queries.CLIPS, parameters, row=speaker_rows.ClipRow)
        return [(row, clip_answer(row, words, self._url(session, row))) for row in result]

    def tags(self, session_id: SessionId, user: UserId) -> WaitingTags:
        """The user who tagged the caller, when, and one clip of each speaker; 404 without a tag."""
        row = self._visible.row(session_id, user, Act.SEE_TAG)
        parameters = {"session_id": session_id, "user": user}
        tagged = self._warehouse.query(queries.TAGS, parameters, row=speaker_rows.TagRow)
        clips = self._clips(row)
        return WaitingTags(tags=[waiting_tag(tag, clips) for tag in tagged])

    def _url(self, session: SessionRow, clip: speaker_rows.ClipRow) -> str:
        key = CLIP.key(
            session_id=session.session_id,
            generation=clip.generation,
            speaker=clip.speaker,
            ordinal=clip.ordinal,
        )
        return self._objects.presign(key)

    def results(self, session_id: SessionId, user: UserId) -> Results:
        """Counts and rates of each speaker and of all; the lexicon and the models behind them."""
        return self._results(self._visible.row(session_id, user))

    def _results(self, row: SessionRow) -> Results:
        counts = by_speaker(self._totals(row.session_id)) if row.is_final else {}
        labels = [label for label in row.labels if label in counts]
        everything = [one for label in labels for one in counts[label]]
        claims = self._claims(row.session_id)
        claimed = {label for label, claim in claims.items() if claim.kind != "tag"}
        return Results(
            state=row.shown_state,
            generation=row.counted_generation,
            lexicon=row.lexicon,
            models=self._models(row.session_id),
            speakers=[Spoken.of(counts[label]).rates_of(label) for label in labels],
            total=Spoken.of(everything).rates(),
            missing_audio=missing_audio(row),
            all_claimed=row.is_final and claimed >= set(row.speakers),
        )

    def _models(self, session_id: SessionId) -> dict[str, list[str]]:
        parameters = {"session_id": session_id}
        result = self._warehouse.query(queries.MODELS, parameters, row=rows.ModelsRow)
        return {row.stage: row.models for row in result}

    def transcript(self, session_id: SessionId, user: UserId) -> Transcript:
        """Words with speaker and times, and turns."""
        return self._texts.transcript(self._visible.row(session_id, user))

    def wrapped(self, session_id: SessionId, user: UserId) -> SessionWrapped:
        """The slide show after a recording."""
        row = self._visible.row(session_id, user)
        return session_wrapped(
            session_answer(row, user),
            self._speakers(row),
            self._results(row),
        )

    def request(self, request_id: str, user: UserId) -> RequestAnswer:
        """The decision; 404 while there is none, or when the request is somebody else's.

        Why a request was rejected says much of a session. Only those who see the session are told,
        as at the gateway, which answers all others that there is no such session.
        """
        parameters = {"request_id": request_id, "user": user}
        result = self._warehouse.query(queries.REQUEST, parameters, row=rows.RequestRow)
        if not result:
            raise not_found("request")
        row = result[0]
        tells_of_session = not row.requested_by or row.outcome == "rejected"
        session_id = SessionId(row.session_id)
        if session_id and tells_of_session and not self._visible.allows(session_id, user):
            raise not_found("request")
        return RequestAnswer(
            request_id=row.request_id,
            session_id=row.session_id,
            outcome=row.outcome,
            reason=row.reason,
            decided_at=row.decided_at,
        )
