"""Events of the attribution fold: voices to cluster, and words with their speakers."""

from schemas.event import Pointer
from schemas.ranges import Ranges
from schemas.rejections import Reason
from schemas.session_events import SessionSealed, WorkFailed
from schemas.speech_events import ProvisionalVoicesComplete, VoicesComplete
from schemas.stage_names import StageName
from schemas.word_events import ProvisionalWordsAttributed, SliceAttributed, WordsAttributed
from streams.attribution.state import (
    AttributeProvisionalWindow,
    CompleteProvisionalVoices,
    GoOn,
)


def voices_complete(sealed: SessionSealed, manifest: Pointer, now_ms: int) -> VoicesComplete:
    """All windows of the generation have voices."""
    return VoicesComplete(
        occurred_at_ms=now_ms,
        session_id=sealed.session_id,
        generation=sealed.generation,
        manifest=manifest,
        hint=sealed.hint,
    )


def provisional_voices_complete(
    order: CompleteProvisionalVoices, manifest: Pointer, now_ms: int
) -> ProvisionalVoicesComplete:
    """The newest windows of a session that goes on have voices."""
    return ProvisionalVoicesComplete(
        occurred_at_ms=now_ms,
        session_id=order.session_id,
        manifest=manifest,
        through=order.through,
    )


def words_attributed(
    sealed: SessionSealed, window: int, words: Pointer | None, missing: Ranges, now_ms: int
) -> WordsAttributed:
    """Each word of the window has its speaker. `words` is None when the window failed."""
    return WordsAttributed(
        occurred_at_ms=now_ms,
        session_id=sealed.session_id,
        window=window,
        generation=sealed.generation,
        words=words,
        missing=missing,
        window_start_ms=window * sealed.window_ms,
        lexicon=sealed.lexicon,
        time_zone=sealed.time_zone,
        recorded_at_ms=sealed.recorded_at_ms,
    )


def slice_attributed(order: GoOn, now_ms: int) -> SliceAttributed:
    """The windows so far had their turn."""
    return SliceAttributed(
        occurred_at_ms=now_ms,
        session_id=order.sealed.session_id,
        generation=order.sealed.generation,
        through=order.through,
    )


def fault(sealed: SessionSealed, window: int | None, reason: Reason, now_ms: int) -> WorkFailed:
    """The words of the window cannot be read; without a window, the turns of the generation."""
    return WorkFailed(
        occurred_at_ms=now_ms,
        session_id=sealed.session_id,
        generation=sealed.generation,
        stage=StageName.ATTRIBUTION,
        reason=reason,
        window=window,
    )


def provisional_words_attributed(
    order: AttributeProvisionalWindow, words: Pointer, now_ms: int
) -> ProvisionalWordsAttributed:
    """The words of the window have the speakers known now; a later answer may name others."""
    return ProvisionalWordsAttributed(
        occurred_at_ms=now_ms,
        session_id=order.session_id,
        window=order.window,
        words=words,
    )
