"""Objects are lost or damaged between two stages."""

from tests.faults.registry import fault
from tests.faults.scene import Scene
from tests.integration.test_lost_objects import lose_and_compare


@fault(
    "objects-lost",
    rows=("11", "T5"),
    injected="S3: words of one session are gone, words and audio of another damaged",
)
def objects_lost(scene: Scene) -> None:
    lose_and_compare(scene.stack)
