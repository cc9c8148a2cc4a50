"""Answers to requests, remembered so that a repeat gets the answer that the first one got."""

from typing import Generic, TypeVar

import msgspec
from msgspec.structs import replace

KEPT = 200
"""Answers of one session, group or user. Every member of a full group may ask once in between.

An answer is an event of at most 500 bytes, so answers add at most 100 kB to a state.
"""
AnswerT = TypeVar("AnswerT", bound=msgspec.Struct)


class Answers(msgspec.Struct, Generic[AnswerT], frozen=True):
    """The newest KEPT answers by request id. Pure; part of the state that the requests change.

    A repeat gets the same event again and changes nothing. A repeat that comes after KEPT newer
    requests is decided as a new request: a claim of one's own speaker is `already_claimed` then, a
    join changes nothing, a hint opens one more generation. The answer keeps its event id.
    """

    by_request: dict[str, AnswerT] = {}

    def get(self, request_id: str) -> AnswerT | None:
        """Returns the answer to this request; None when there is none, or not any more."""
        return self.by_request.get(request_id)

    def adding(self, request_id: str, answer: AnswerT) -> "Answers[AnswerT]":
        """Returns the answers with this one as the newest; drops those over KEPT."""
        others = {key: held for key, held in self.by_request.items() if key != request_id}
        newest = [*others.items(), (request_id, answer)][-KEPT:]
        return replace(self, by_request=dict(newest))
