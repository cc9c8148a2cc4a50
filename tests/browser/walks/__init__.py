"""Every page and state that people meet, as walks (`tests.browser.visits`)."""

from tests.browser.visits import Walk
from tests.browser.walks import front, recorder, stories, talks

WALKS: tuple[Walk, ...] = (*front.WALKS, *recorder.WALKS, *talks.WALKS, *stories.WALKS)
