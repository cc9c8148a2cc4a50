"""Questions answered: rows of the warehouse and objects of the store, shaped for people. Blocking."""

from typing import Any, Protocol

import msgspec

from adapters.http.problems import not_found
from adapters.warehouse import Queries, Row
from api import figures
from api.sessions import queries
from api.sessions.provisional import so_far
from schemas.event import Pointer
from schemas.ids import UserId
from schemas.object_kinds import CLIP
from schemas.objects import AttributedWord, AttributedWords, Turns
from schemas.rejections import Reason, Rejected
from schemas.session_events import State

FINAL = (State.READY, State.COMPLETED)
THREADS = 1
"""That the server may use for one question of the read side: they are small, and many at a time."""


class Objects(Protocol):
    """Port of `adapters.objects.s3.S3BlobStore`, as far as reading needs it."""

    def get(self, pointer: Pointer) -> bytes: ...
    def presign(self, key: str) -> str: ...


class Reader:
    """Everything a member of a session may ask; strangers get 404."""

    def __init__(self, warehouse: Queries, objects: Objects) -> None:
        self._warehouse, self._objects = warehouse, objects

    def _session(self, session_id: str, user: UserId) -> Row:
        asked = {"session_id": session_id, "user": user}
        if not self._warehouse.query(queries.MAY_SEE, asked):
            raise not_found()
        return self._warehouse.query(queries.SESSION, asked)[0]

    def sessions(
        self, user: UserId, status: str, before: str, limit: int, group_id: str = ""
    ) -> dict[str, Any]:
        """The caller's sessions or a group's, newest first; `next` is the cursor of the following page."""
        asked = {
            "user": user,
            "status": status,
            "before": before,
            "limit": limit,
            "group_id": group_id,
        }
        rows = self._warehouse.query(queries.SESSIONS, asked)
        found = [{**row, "recorded_at": row["recorded_at"].isoformat()} for row in rows]
        return {"sessions": found, "next": rows[-1]["session_id"] if len(rows) == limit else None}

    def session(self, session_id: str, user: UserId) -> dict[str, Any]:
        """State, progress by stage, gaps, speakers; what is known so far until it is final."""
        row = self._session(session_id, user)
        windows = row["windows"] or 0
        return {
            "session_id": session_id,
            "group_id": row["group_id"] or None,
            "owned": row["owner"] == user,
            "state": _state(row),
            "generation": row["generation"],
            "recorded_at": row["recorded_at"].isoformat(),
            "time_zone": row["time_zone"],
            "audio_s": row["audio_ms"] / 1000,
            "progress": {
                "windows": windows,
                **{stage: row[stage] or 0 for stage in ("transcribed", "voiced", "counted")},
            },
            "missing_audio": _missing(row),
            "speakers": row["speakers"] if _is_final(row) else [],
            "so_far": None if _is_final(row) else self._so_far(session_id),
        }

    def _so_far(self, session_id: str) -> dict[str, Any]:
        return so_far(
            *(
                self._warehouse.query(question, {"session_id": session_id})
                for question in (queries.ETA, queries.VOICES_SO_FAR, queries.WORDS_SO_FAR)
            )
        )

    def speakers(self, session_id: str, user: UserId) -> dict[str, Any]:
        """Each speaker with talk time, counts, clips with quotes, and claim."""
        row = self._session(session_id, user)
        if not _is_final(row):
            return {"state": _state(row), "speakers": []}
        asked = {"session_id": session_id, "generation": row["counted_generation"]}
        totals = figures.by_speaker(self._warehouse.query(queries.SPEAKER_TOTALS, asked))
        emoji = {r["word"]: r["emoji"] for r in self._warehouse.query(queries.LEXICON)}
        clips = self._warehouse.query(queries.CLIPS, asked)
        claims = {r["speaker"]: r for r in self._warehouse.query(queries.CLAIMS, asked)}
        words = self._words_if_kept(session_id, row)
        found = []
        for label in row["speakers"]:
            own = [
                self._clip(session_id, clip, words) for clip in clips if clip["speaker"] == label
            ]
            found.append(
                {
                    **figures.totals(totals[label], emoji),
                    "speaker": label,
                    "clips": own,
                    "claim": figures.claim(claims.get(label)),
                }
            )
        return {"state": _state(row), "speakers": found}

    def _clip(self, session_id: str, clip: Row, words: list[AttributedWord]) -> dict[str, Any]:
        key = CLIP.key(
            session_id=session_id,
            generation=clip["generation"],
            speaker=clip["speaker"],
            ordinal=clip["ordinal"],
        )
        span = (clip["start_ms"], clip["end_ms"])
        quote = " ".join(
            w.text
            for w in words
            if w.speaker == clip["speaker"] and span[0] <= w.start_ms < span[1]
        )
        return {
            "start_s": span[0] / 1000,
            "end_s": span[1] / 1000,
            "quote": quote,
            "url": self._objects.presign(key),
        }

    def results(self, session_id: str, user: UserId) -> dict[str, Any]:
        """Words, counts and rates, per speaker and in all; by which lexicon and which models."""
        row = self._session(session_id, user)
        asked = {"session_id": session_id}
        totals = (
            figures.by_speaker(self._warehouse.query(queries.SPEAKER_TOTALS, asked))
            if _is_final(row)
            else {}
        )
        claimed = {
            r["speaker"] for r in self._warehouse.query(queries.CLAIMS, asked) if r["kind"] != "tag"
        }
        speakers = [
            {"speaker": label, **figures.rates(totals[label])}
            for label in row["speakers"]
            if label in totals
        ]
        everything = [r for label in row["speakers"] if label in totals for r in totals[label]]
        return {
            "state": _state(row),
            "generation": row["counted_generation"],
            "lexicon": row["lexicon"],
            "models": {
                r["stage"]: r["models"] for r in self._warehouse.query(queries.MODELS, asked)
            },
            "speakers": speakers,
            "total": figures.rates(everything),
            "missing_audio": _missing(row),
            "all_claimed": _is_final(row) and claimed >= set(row["speakers"]),
        }

    def transcript(self, session_id: str, user: UserId) -> dict[str, Any]:
        """Words with speaker and times, `or` whoever else may have said them, and who spoke when."""
        row = self._session(session_id, user)
        words = [_word(word) for word in self._words(session_id, row)]
        pointers = self._pointers(session_id, "turns", row)
        turns = [
            t for p in pointers for t in msgspec.json.decode(self._objects.get(p), type=Turns).turns
        ]
        spans = [
            {"speaker": t.speaker, "start_s": t.start_ms / 1000, "end_s": t.end_ms / 1000}
            for t in turns
        ]
        return {"words": words, "turns": spans}

    def _words(self, session_id: str, row: Row) -> list[AttributedWord]:
        pointers = self._pointers(session_id, "words", row)
        return [
            w
            for p in pointers
            for w in msgspec.json.decode(self._objects.get(p), type=AttributedWords).words
        ]

    def _words_if_kept(self, session_id: str, row: Row) -> list[AttributedWord]:
        """None when they were removed, as the owner chose: voices can be claimed without quotes."""
        try:
            return self._words(session_id, row)
        except Rejected as error:
            if error.reason is not Reason.OBJECT_MISSING:
                raise
            return []

    def _pointers(self, session_id: str, kind: str, row: Row) -> list[Pointer]:
        asked = {"session_id": session_id, "kind": kind, "generation": row["counted_generation"]}
        return [
            Pointer(key=r["key"], sha256=r["sha256"], size=r["size"])
            for r in self._warehouse.query(queries.OBJECTS, asked)
        ]

    def request(self, request_id: str, user: UserId) -> dict[str, Any]:
        """What became of a request; 404 while nothing is decided, or when it is somebody else's."""
        rows = self._warehouse.query(queries.REQUEST, {"request_id": request_id, "user": user})
        if not rows:
            raise not_found("request")
        if rows[0]["session_id"] and not rows[0]["requested_by"]:
            self._session(rows[0]["session_id"], user)
        found = {name: rows[0][name] for name in ("request_id", "session_id", "outcome", "reason")}
        return {**found, "decided_at": rows[0]["decided_at"].isoformat()}


def _is_final(row: Row) -> bool:
    return row["state"] in FINAL and row["counted_generation"] == row["generation"]


def _state(row: Row) -> str:
    return State.PROCESSING if row["state"] in FINAL and not _is_final(row) else str(row["state"])


def _missing(row: Row) -> list[dict[str, float]]:
    return [
        {"start_s": span["start_ms"] / 1000, "end_s": span["end_ms"] / 1000}
        for span in row["missing"] or []
    ]


def _word(word: AttributedWord) -> dict[str, Any]:
    times = {"start_s": word.start_ms / 1000, "end_s": word.end_ms / 1000}
    return {
        "speaker": word.speaker,
        "word": word.text,
        **times,
        "probability": word.probability,
        "or": list(word.rivals),
    }
