"""The base of all answer models.

Answers are pydantic models, because FastAPI makes OpenAPI schemas from them. Rows are msgspec
structs, because they decode faster and never leave the process.
"""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer

Instant = Annotated[
    AwareDatetime,
    PlainSerializer(datetime.isoformat, return_type=str),
    Field(description="Time in UTC, ISO 8601"),
]


class Answer(BaseModel):
    """Base of all answers: frozen, and without fields that its schema does not have.

    An error about one goes to the log, which has no names and no words: it says no value.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


def example(fields: dict[str, Any]) -> ConfigDict:
    """The configuration of an answer with one example for its schema.

    Without nulls: FastAPI drops them from the document, and the example would lack those fields.
    """
    return ConfigDict(json_schema_extra={"examples": [fields]})
