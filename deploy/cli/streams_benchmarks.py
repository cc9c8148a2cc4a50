"""`lahstats benchmark assembler` and `scale`: the streams worker alone, on servers of its own."""

from deploy.cli import benchmark_options as of
from deploy.cli.options import Json, messages, quiet_retries, show


def assembler(turns: of.Turns = 3, json_: Json = False) -> None:
    """The sessions fold hosted by us and by quixstreams, on the same events, in turns.

    The peer gets an environment of its own under .local at the first run.
    """
    from deploy.benchmark import assembler as benchmark

    quiet_retries()
    found = benchmark.measure(turns, messages().print)
    show(found, json_, benchmark.markdown(found))


def scale(sessions: of.Sessions = 1_000_000, chunks: of.Chunks = 2, json_: Json = False) -> None:
    """A streams worker with SESSIONS sessions, most of them finished: memory and restarts."""
    from deploy.benchmark import scale as benchmark

    quiet_retries()
    found = benchmark.measure(sessions, chunks, messages().print)
    show(found, json_, benchmark.markdown(found))
