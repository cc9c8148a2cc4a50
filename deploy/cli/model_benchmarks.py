"""`lahstats benchmark batches`, `voices` and `long`: the price of the models on this machine."""

from deploy.cli import benchmark_options as of
from deploy.cli.benchmark_options import numbers
from deploy.cli.options import Json, messages, show


def batches(
    folder: of.Folder,
    sizes: of.Sizes = "1,2,4,8",
    passes: of.Passes = "1",
    windows: of.Windows = 8,
    json_: Json = False,
) -> None:
    """The gain when windows share a pass of the model, and passes run at once, on this machine."""
    from deploy.benchmark import word_passes as benchmark

    with messages().status("transcribing"):
        found = list(benchmark.measure(folder, numbers(sizes, int), numbers(passes, int), windows))
    show(found, json_, benchmark.markdown(found))


def voices(
    folder: of.Folder,
    pieces: of.Pieces = "1,4",
    passes: of.Passes = "1",
    windows: of.Windows = 8,
    json_: Json = False,
) -> None:
    """The gain when pieces of speech share a pass of the model of voices, on this machine."""
    from deploy.benchmark import voice_passes as benchmark

    with messages().status("telling voices apart"):
        found = list(benchmark.measure(folder, numbers(pieces, int), numbers(passes, int), windows))
    show(found, json_, benchmark.markdown(found))


def long(
    folder: of.Folder,
    minutes: of.Minutes = "60,120,240",
    exact_up_to: of.ExactUpTo = 120,
    json_: Json = False,
) -> None:
    """Clustering of sessions of hours, exact and in two levels: seconds, memory, DER.

    The voices of the longest session are measured once, which takes a tenth of its length.
    """
    from deploy.benchmark import long_sessions as benchmark

    with messages().status("diarizing the longest"):
        found = list(benchmark.measure(folder, numbers(minutes, float), exact_up_to))
    show(found, json_, benchmark.markdown(found))
