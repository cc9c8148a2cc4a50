"""The sound of opened files, part by part. FFmpeg reads strangers' bytes here.

Damage costs its place: a packet that cannot be decoded is left out.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, cast

import av
import numpy as np
from av.container import InputContainer

from adapters.audio.answers import Samples
from adapters.audio.clocks import begins_s, stamp_s
from adapters.audio.downmix import limited, mono
from adapters.audio.opening import BROKEN, NoSoundError, tracks_of
from adapters.audio.places import BACK_S, JITTER_S
from adapters.audio.repeats import Packet, once
from schemas.audio import SAMPLE_RATE

MOST_CHANNELS = 16
RATES = range(4_000, 768_001)
"""No recorder is beyond these; damaged heads are, and the resampler refuses them."""
MOST_PACKETS = 100_000
"""An upload has 48,000 packets at most: 120 s of the shortest that Opus has."""
MOST_RUNS = 1_000
"""Stamps of a file with more breaks are nonsense; a resampler for each of 25,000 took 10 s."""
MOST_ERRORS = 300
"""Errors of a file, one after the other, behind which sound may be: FFmpeg gives up 64 KiB each."""
Form = tuple[str, str, int]


class Part(NamedTuple):
    """Sound that follows itself without a gap, mono at 16 kHz.

    `stamp`: the time stamp of its beginning. `file`: the number of its file in the upload, `track`
    that of its track among those of the file that can be decoded.
    """

    stamp: float | None
    samples: Samples
    file: int
    track: int


def packets(
    containers: Iterable[InputContainer], uploads: int = 1
) -> Iterator[tuple[int, int, "Packet"]]:
    """All packets with the numbers of their files and tracks, in their order.

    The last one of each track is empty: it takes the decoder's last frames out. Raises
    NoSoundError for more packets than so many uploads have.
    """
    count = 0
    for file, container in enumerate(containers):
        tracks = tracks_of(container)
        numbers = {stream.index: number for number, stream in enumerate(tracks)}
        most = MOST_PACKETS * uploads * len(tracks)
        for packet in once(_read(container, tracks)):
            # Not `stream_index`: it is 0 for the empty packets, whatever their track is.
            yield file, numbers[packet.stream.index], packet
            count += 1
            if count > most:
                raise NoSoundError("a file in shreds")


def _read(container: InputContainer, tracks: list[av.AudioStream]) -> Iterator["Packet"]:
    """The packets of the tracks. Behind bytes that FFmpeg cannot read it often goes on."""
    errors = 0
    while errors < MOST_ERRORS:
        try:
            # Of these streams alone; PyAV's types say that only for a single one.
            for packet in cast("Iterator[Packet]", container.demux(*tracks)):
                errors = 0
                yield packet
        except av.FFmpegError:
            errors += 1
            continue
        except IndexError:
            # PyAV's, behind the last packet of all tracks, when the file showed a track that was
            # not there as it was opened: nothing is left to hear then.
            return
        return


def frames(packet: "Packet") -> list[av.AudioFrame]:
    """None for a packet that cannot be decoded: its neighbours can."""
    try:
        found = packet.decode()
    except BROKEN:
        return []
    return [frame for frame in found if _is_usable(frame)]


def _is_usable(frame: av.AudioFrame) -> bool:
    return 0 < frame.layout.nb_channels <= MOST_CHANNELS and frame.sample_rate in RATES


@dataclass
class _Run:
    """Frames that follow each other, of one track and one format. Times are seconds.

    `next_s` is counted from the first frame's `stamp`: small gaps add up to one that is seen.
    `surplus_s`: the sound of the last frame beyond the length that its packet has.
    """

    stamp: float | None
    form: Form
    file: int
    track: int
    resampler: av.AudioResampler
    next_s: float
    held: list[Samples] = field(default_factory=list)
    held_samples: int = 0
    surplus_s: float = 0.0

    def takes(self, stamp: float | None, form: Form) -> bool:
        """Whether a frame belongs to this run: it follows at once, in the same format.

        A recorder that writes several packets at once may stamp all of them alike.
        """
        if form != self.form:
            return False
        if stamp is None or abs(stamp - self.next_s) <= JITTER_S:
            return True
        return (
            self.stamp is not None and max(self.stamp, self.next_s - BACK_S) < stamp < self.next_s
        )

    def add(self, frame: av.AudioFrame) -> None:
        length_s = frame.samples / frame.sample_rate
        self.next_s += length_s
        said_s = float(frame.duration * (frame.time_base or 0))
        self.surplus_s = max(0.0, length_s - said_s) if said_s else 0.0
        frame.pts = None  # the resampler has a clock of its own, and stops at jumps
        self._resample(frame)

    def part(self) -> Part:
        """All that is held; the run goes on behind it."""
        stamp = self.stamp
        if self.stamp is not None:
            self.stamp += self.held_samples / SAMPLE_RATE
        channels = limited(np.concatenate(self.held, axis=1))
        self.held = []
        self.held_samples = 0
        return Part(stamp, mono(channels), self.file, self.track)

    def rest(self) -> Iterator[Part]:
        self._resample(None)
        if self.held_samples:
            yield self.part()

    def end(self) -> Iterator[Part]:
        """The rest of a track. Encoders fill their last frame up: a file says where sound ends."""
        surplus = round(self.surplus_s * SAMPLE_RATE)
        for part in self.rest():
            length = len(part.samples) - surplus
            yield part._replace(samples=part.samples[:length]) if length > 0 else part

    def _resample(self, frame: av.AudioFrame | None) -> None:
        for piece in self.resampler.resample(frame):
            channels = piece.to_ndarray().reshape(piece.samples, -1).T
            self.held.append(channels.astype(np.float32, copy=False))
            self.held_samples += piece.samples


def parts(containers: Iterable[InputContainer], most_s: float, uploads: int = 1) -> Iterator[Part]:
    """All sound of each track, in the order of the files. A part is little longer than `most_s`.

    Raises NoSoundError for more packets, or breaks, than so many uploads have.
    """
    open_runs: dict[int, _Run] = {}
    runs = 0
    present = 0
    for file, track, begins, frame in _frames(containers, uploads):
        if file != present:
            for ended in open_runs.values():
                yield from ended.end()
            open_runs.clear()
            present = file
        stamp = stamp_s(frame, begins) if runs < MOST_RUNS * uploads else None
        form = (frame.format.name, frame.layout.name, frame.sample_rate)
        run = open_runs.get(track)
        if run is not None and not run.takes(stamp, form):
            yield from run.rest()
            run = None
        if run is None:
            run = open_runs[track] = _begun(frame, stamp, form, file, track)
            runs += 1
        if runs > 2 * MOST_RUNS * uploads:
            raise NoSoundError("a file in shreds")
        run.add(frame)
        if run.held_samples > most_s * SAMPLE_RATE:
            yield run.part()
    for run in open_runs.values():
        yield from run.end()


def _frames(
    containers: Iterable[InputContainer], uploads: int
) -> Iterator[tuple[int, int, float, av.AudioFrame]]:
    """All frames with the numbers of their files and tracks, and the stamp of their beginning."""
    begins: dict[av.AudioStream, float] = {}
    for file, track, packet in packets(containers, uploads):
        stream = packet.stream
        if stream not in begins:
            begins[stream] = begins_s(stream)
        for frame in frames(packet):
            yield file, track, begins[stream], frame


def _begun(frame: av.AudioFrame, stamp: float | None, form: Form, file: int, track: int) -> _Run:
    # Packed: PyAV reads planes of eight channels and more from where none are, and dies.
    # A second at a time: a packet holds a fiftieth, and each piece that comes out costs by itself.
    resampler = av.AudioResampler(
        format="flt", layout=frame.layout, rate=SAMPLE_RATE, frame_size=SAMPLE_RATE
    )
    return _Run(stamp, form, file, track, resampler, stamp or 0.0)
