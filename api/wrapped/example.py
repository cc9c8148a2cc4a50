"""The example of a Wrapped in the OpenAPI document; tests draw their share cards from it."""

SESSION = "0192f3c4-5b6a-7c8d-9e0f-112233445566"
STORY: dict[str, object] = {
    "user": "mei",
    "period": "year",
    "from": "2026-01-01",
    "to": "2026-12-31",
    "state": "ready",
    "missing": {"counts": 0},
    "cards": {
        "badges": [
            {
                "name": "Vocabulary Expert",
                "rule": "8 different words",
                "version": 1,
                "earned": "2026-03-01",
            }
        ],
        "clock": {"week": [[0] * 24] * 7, "busiest_hour": 20, "busiest_weekday": 4},
        "company": [{"user": "beng", "sessions": 3, "name": "Ah Beng"}],
        "fun_facts": [{"kind": "best_day", "day": "2026-03-01", "counts": 20}],
        "moments": {
            "first": {"word": "lah", "session_id": SESSION, "said_ms": 1_772_366_400_000},
            "peak": {"counts": 14, "session_id": SESSION, "from_ms": 1_772_366_400_000},
            "combo": {"counts": 4, "session_id": SESSION, "from_ms": 1_772_366_400_000},
        },
        "months": [{"month": "2026-03", "counts": 44}],
        "percentile": {"percentile": 93.0, "people": 120},
        "personality": {
            "name": "The Classic Singaporean",
            "because": "lah",
            "rule": "favourite word: lah",
        },
        "sessions": {
            "longest": {"session_id": SESSION, "minutes": 90.5},
            "most_intense": {"session_id": SESSION, "counts_a_minute": 2.25},
        },
        "signature": {"word": "lah", "z": 2.5},
        "streak": {"days": 2, "from": "2026-03-01", "to": "2026-03-02"},
        "top_words": {
            "top": [{"word": "lah", "emoji": "💬", "count": 40, "share": 0.9, "change": 3}],
            "favourite": "lah",
        },
        "totals": {
            "counts": 44,
            "words": 1000,
            "distinct_words": 2,
            "sessions": 3,
            "talk_s": 600.5,
            "active_days": 2,
            "rate_per_1000": 44.0,
            "change": {"counts": 3, "words": 120},
        },
    },
    "how": {"top_words": "The words you said most."},
    "data_version": "1.2.0",
}
