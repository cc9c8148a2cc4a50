"""Failures of the child that opens uploads: each is counted, and logged once a minute.

A file that is no audio is none of them. A child that dies of a file, or meets a defect of ours,
looks like one to the person who sent it: without a count nobody hears of it.
"""

from adapters.process import metrics
from adapters.process.coalescing import Repeats
from adapters.process.logs import logger
from adapters.process.metrics import DecoderFailure
from schemas.rejections import Reason, Rejected


class DecoderFailed(Rejected):
    """The child died of an upload, hung, or met a defect of ours. The upload may be well."""

    def __init__(self, detail: str) -> None:
        super().__init__(Reason.UNDECODABLE_AUDIO, detail)


class Failures:
    """Those of the children of one process."""

    def __init__(self) -> None:
        self._repeats = Repeats()
        metrics.expect_decoder_failures()

    def noted(self, failure: DecoderFailure, detail: str) -> DecoderFailed:
        """Count and log a failure; the error to raise. `detail` holds nothing of the upload."""
        metrics.DECODER_FAILURES.labels(failure).inc()
        if times := self._repeats.times(f"{failure} {detail}"):
            logger().error("decoder_failed", failure=failure, detail=detail, times=times)
        return DecoderFailed(f"the decoder {failure} on it: {detail}")

    def died(self, returncode: int | None) -> DecoderFailed:
        """The same for a child that is gone; a negative `returncode` names the signal."""
        return self.noted(DecoderFailure.DIED, f"exit status {returncode}")
