"""The end of a process that was given a setting which makes no sense."""

from collections.abc import Iterator

from pydantic import ValidationError


class WrongSettingError(SystemExit):
    """Ends a command, or a process, with one line and status 1; there is no traceback.

    The line names each setting, what was found, and what is allowed.
    """

    @classmethod
    def of(cls, error: ValidationError) -> "WrongSettingError":
        """The end for what the settings themselves refuse."""
        return cls("; ".join(_complaints(error)))


def _complaints(error: ValidationError) -> Iterator[str]:
    for mistake in error.errors():
        said = mistake["msg"].removeprefix("Value error, ")
        if not mistake["loc"]:
            yield said  # of several settings, which it names
            continue
        variable = f"LAHSTATS_{mistake['loc'][0]}".upper()
        allowed = said.replace("Input should", "It should")
        yield f"{variable} is {mistake['input']!r}. {allowed}"
