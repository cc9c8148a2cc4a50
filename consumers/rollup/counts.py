"""The rows of `word_events` that count: the evidence, and over it the verdicts of the owners."""


def counting(of_days: str) -> str:
    """Return the SQL condition on rows of `word_events`, for the days of a condition on `day`.

    A place is one of a session, a speaker, a word and a moment: rows have other numbers after each
    recount. The days keep the set of verdicts small. The view `counted_words` says the same without
    them, to operators; a test holds both together.
    """
    place = "session_id, speaker, word, said_at"
    judged = f"SELECT {place} FROM verdicts FINAL WHERE {of_days}"  # noqa: S608 - ours
    said = f"({place}) IN ({judged} AND verdict = 'said')"
    struck = f"({place}) IN ({judged} AND verdict = 'struck')"
    return f"(NOT maybe AND NOT {struck} OR maybe AND {said})"
