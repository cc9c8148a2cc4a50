"""`python -m consumers.cluster.main`: the process of the stage `cluster`."""

import sys

from adapters import model_manifest
from adapters.erasure.erasable_objects import ErasableObjects
from adapters.erasure.guard import ErasureGuard
from adapters.objects.s3 import S3BlobStore
from adapters.process import lifecycle
from adapters.process.clock import unix_ms
from adapters.settings import Settings
from consumers.cluster.step import Cluster
from consumers.runtime.guarded_step import GuardedStep
from consumers.runtime.process import serve
from consumers.voices import loaded_clustering
from schemas import stages


def main() -> int:
    """Blocks until SIGTERM."""
    settings = Settings()
    process = lifecycle.begin(settings, stages.CLUSTER)
    process.waits_for("models")
    clustering = loaded_clustering.load(settings, model_manifest.load(settings.models_manifest))
    blobs = S3BlobStore(settings)
    guard = ErasureGuard(ErasableObjects(blobs))
    step = Cluster(blobs, unix_ms, clustering)
    return serve(process, GuardedStep(step, guard))


if __name__ == "__main__":
    sys.exit(main())
