"""Each window has the words of its neighbours, which it is judged with (docs/adr/0050)."""

import msgspec
from msgspec.structs import replace

from deploy.audit.neighbours import beside, follows
from schemas.event import Pointer
from schemas.objects import AttributedWord, AttributedWords
from schemas.speech_events import SpeakersIdentified, WindowTranscribed
from schemas.word_events import WordsAttributed
from streams.attribution.effects import shape
from streams.attribution.sources import sources_in, turns_in
from streams.attribution.state import AttributeWindow
from tests.attributing import SEALED
from tests.guide.memory_stack import clock
from tests.memory_blob_store import MemoryBlobStore
from tests.recorded_sessions import claimed, counted

Words = tuple[AttributedWord, ...]


def stored(blobs: MemoryBlobStore, pointer: Pointer | None) -> AttributedWords:
    assert pointer is not None
    return msgspec.json.decode(blobs.get(pointer), type=AttributedWords)


def test_each_window_of_a_generation_has_the_words_of_its_neighbours() -> None:
    """Late chunks open new generations, in which neighbours have other words than before."""
    on = claimed()
    generations: dict[int, list[AttributedWords]] = {}
    for _, event in on.log:
        if isinstance(event, WordsAttributed):
            found = stored(on.store(), event.words)
            generations.setdefault(event.generation, []).append(found)
    assert len(generations) > 1
    for windows in generations.values():
        assert any(window.words for window in windows)
        words: list[Words] = [(), *(window.words for window in windows), ()]
        assert [window.before for window in windows] == words[:-2]
        assert [window.after for window in windows] == words[2:]


def test_an_object_of_words_follows_from_those_that_can_be_read() -> None:
    words = {number: said(f"word {number}") for number in range(3)}
    whole = beside(words, 1)
    assert follows(whole, words, 1)
    alone = AttributedWords(words=words[1])
    assert follows(alone, words, 1)  # of a version that counted each window by itself
    assert not follows(replace(whole, words=words[0]), words, 1)
    other = replace(whole, before=words[2])
    assert not follows(other, words, 1)
    lost = {number: words[number] for number in (1, 2)}
    assert follows(other, lost, 1)
    assert not follows(replace(other, after=words[0]), lost, 1)


def said(text: str) -> Words:
    return (AttributedWord(text=text, start_ms=0, end_ms=1, probability=1.0, speaker=None),)


def test_a_window_whose_neighbour_is_lost_is_attributed_without_it() -> None:
    """The neighbour's own order says that it is lost; a new generation makes both anew."""
    on = counted()
    blobs = on.store()
    speakers = next(event for _, event in on.log if isinstance(event, SpeakersIdentified))
    words = [event.result for _, event in on.log if isinstance(event, WindowTranscribed)]
    lost, own, after = words[:3]
    assert lost is not None
    blobs.delete([lost.key])
    order = AttributeWindow(SEALED, 1, own, speakers.turns, (), before=lost, after=after)
    attribution = shape(blobs, clock, SEALED.window_ms)
    ((_, event),) = attribution.publish([order])
    assert isinstance(event, WordsAttributed)
    found = stored(blobs, event.words)
    assert found.words
    assert found.before == ()
    assert found.after


def test_words_get_their_speakers_once_for_a_window_and_its_neighbours() -> None:
    """Before, three times: a talk of twelve hours held up those of others for twice as long."""
    on = counted()
    speakers = next(event for _, event in on.log if isinstance(event, SpeakersIdentified))
    words = next(event.result for _, event in on.log if isinstance(event, WindowTranscribed))
    assert words is not None
    store = on.store()
    sources = sources_in(store, turns_in(store))
    own = sources.attributed(words, speakers.turns)
    assert own
    assert sources.neighbour(words, speakers.turns) is own
