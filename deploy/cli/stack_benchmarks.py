"""`lahstats benchmark uploads`, `recorder`, `pages`, `scaling`, `memory`, `idle`: own stacks."""

from dataclasses import asdict

from deploy.cli import benchmark_options as of
from deploy.cli.options import Json, answer, quiet_retries, show


def uploads(json_: Json = False) -> None:
    """Chunks of eight phones through the gateway, and to the servers behind it without it."""
    from deploy.benchmark import uploads as benchmark

    quiet_retries()
    found = benchmark.measure()
    show(found, json_, benchmark.markdown(found))


def recorder(minutes: of.RecordedMinutes = 10, json_: Json = False) -> None:
    """Play a known signal of MINUTES to a real Chromium, and compare it with what windows hear."""
    from deploy.benchmark import recorder as benchmark

    quiet_retries()
    found = benchmark.measure(minutes)
    answer(found.document(), json_, "\n".join(benchmark.markdown(found)))


def pages(runs: of.Loads = 5, json_: Json = False) -> None:
    """The weight of each page over the wire, and its time, in a real Chromium."""
    from deploy.benchmark import pages as benchmark

    quiet_retries()
    found = benchmark.measure(runs)
    show(found, json_, benchmark.markdown(found))


def scaling(
    wanted: of.Stages = None,
    minutes: of.WindowMinutes = 60,
    json_: Json = False,
) -> None:
    """The windows of MINUTES through one and through two workers of a stage."""
    from deploy.benchmark import scaling as benchmark

    quiet_retries()
    found = list(benchmark.measure(minutes, wanted or []))
    show(found, json_, benchmark.markdown(found))


def memory(
    minutes: of.SessionMinutes = 240,
    json_: Json = False,
) -> None:
    """Memory of every process while one session of MINUTES is counted."""
    from deploy.benchmark import memory as benchmark

    quiet_retries()
    found = benchmark.measure(minutes)
    answer(found, json_, "\n".join(found))


def idle(seconds: of.IdleSeconds = 60, json_: Json = False) -> None:
    """The second start of a stack of its own by process, and what it costs when nobody uses it."""
    from deploy.benchmark import idle as benchmark

    quiet_retries()
    found = benchmark.measure(seconds)
    document = {**asdict(found), "idle_percent_in_all": found.idle_percent_in_all}
    answer(document, json_, "\n".join(benchmark.markdown(found)))
