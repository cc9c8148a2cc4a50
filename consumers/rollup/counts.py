"""The rows of `word_events` that count: the evidence, and over it the verdicts of the owners."""


def counting(first: str = "day", last: str = "day") -> str:
    """The SQL condition on rows of `word_events`, for the days between two parameters of a query.

    A place is one of a session, a speaker, a word and a moment: rows have other numbers after each
    recount. The days keep the set of verdicts small. The view `counted_words` says the same without
    them, to operators; a test holds both together.
    """
    place = "session_id, speaker, word, said_at"
    days = f"day BETWEEN toDate({{{first}:String}}) AND toDate({{{last}:String}})"
    judged = f"SELECT {place} FROM verdicts FINAL WHERE {days}"  # noqa: S608 - names of parameters
    said = f"({place}) IN ({judged} AND verdict = 'said')"
    struck = f"({place}) IN ({judged} AND verdict = 'struck')"
    return f"(NOT maybe AND NOT {struck} OR maybe AND {said})"
