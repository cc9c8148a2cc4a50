"""`lahstats benchmark` of whole stacks, and of single servers that are started for it."""

from dataclasses import asdict

import typer

from deploy.cli import benchmark_options as of
from deploy.cli.benchmark_options import numbers, times_of
from deploy.cli.options import Json, answer, into_page, messages, quiet_retries, show

COHORT_SIZES = [1_000, 100_000, 1_000_000]


def latency(
    folder: of.Folder,
    minutes: of.Minutes = "1,5,15,60",
    runs: of.Runs = "5,5,1,1",
    chunk: of.ChunkLength = 30.0,
    at_once: of.AtOnce = 1,
    json_: Json = False,
) -> None:
    """From stop to statistics, by length: the recordings of FOLDER through a running stack.

    The last two minutes are played at real-time pace.
    """
    from rich.progress import Progress

    from deploy.benchmark import latency as benchmark
    from deploy.cli.borrowed_stack import borrowed_stack

    quiet_retries()
    console = messages()
    lengths_s = [60 * length for length in numbers(minutes, float)]
    times = times_of(runs, len(lengths_s))
    found = []
    with borrowed_stack(console) as settings, Progress(console=console) as progress:
        task = progress.add_task("sessions", total=sum(times) * at_once)
        for one in benchmark.measure(settings, folder, lengths_s, times, chunk, at_once):
            found.append(one)
            label = f"{one.length_s / 60:g} min: {one.stop_to_stats_s:.1f} s"
            progress.update(task, advance=1, description=label)
    rows = benchmark.summarised(found)
    show(rows, json_, benchmark.markdown(rows))


def acceptance(page: of.Page = None, json_: Json = False) -> None:
    """Every bundled recording against its truth, then kill -9 for every process.

    Exit code 1 when a result differs.
    """
    from deploy.benchmark import acceptance as benchmark

    quiet_retries()
    found = benchmark.measure()
    answer(asdict(found), json_, found.tables)
    into_page(page, benchmark.BLOCK, lambda: found.tables)
    raise typer.Exit(0 if found.ok else 1)


def throughput(wanted: of.Measurements = None, json_: Json = False) -> None:
    """How fast each stage of a stack of its own works on this machine."""
    from deploy.benchmark import throughput as benchmark

    quiet_retries()
    console = messages()
    found = []
    for one in benchmark.measure(wanted or []):
        console.print(f"measured: {one.subject} {one.value}")
        found.append(one)
    show(found, json_, benchmark.markdown(found))


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
    answer(found.document(), json_, benchmark.markdown(found))


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
    answer(document, json_, benchmark.markdown(found))


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


def warehouse(rows: of.Rows = 100_000_000, people: of.People = 20_000, json_: Json = False) -> None:
    """The read side's questions on a made-up year, in the product's tables and in one naive table.

    Leaves nothing behind.
    """
    from rich.progress import Progress

    from deploy.benchmark.warehouse import main as benchmark

    with Progress(console=messages()) as progress:
        task = progress.add_task("loading", total=1.0)
        found = benchmark.measure(
            rows, people, lambda done, what: progress.update(task, completed=done, description=what)
        )
    show(found, json_, benchmark.markdown(found))


def cohorts(people: of.Cohorts = COHORT_SIZES, json_: Json = False) -> None:
    """Percentiles and renewals of snapshots, beside one row with everybody.

    Leaves nothing behind.
    """
    from deploy.benchmark.warehouse import cohorts as benchmark

    found = benchmark.measure(people, messages().print)
    show(found, json_, benchmark.markdown(found))
