"""Answers about share links."""

from datetime import date

from pydantic import Field

from api.answers import Answer, Instant, example


class ShareLink(Answer):
    """A link that shows the caller's card until it is revoked.

    `share` names the link, and opens nothing.
    """

    share: str
    first: date = Field(serialization_alias="from")
    last: date = Field(serialization_alias="to")
    show_name: bool
    made_at: Instant


class ShareLinks(Answer):
    """The caller's links that are not revoked, the newest first."""

    model_config = example(
        {
            "shares": [
                {
                    "share": "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
                    "from": "2026-01-01",
                    "to": "2026-12-31",
                    "show_name": False,
                    "made_at": "2026-11-24T12:00:00+00:00",
                }
            ]
        }
    )
    shares: list[ShareLink]
