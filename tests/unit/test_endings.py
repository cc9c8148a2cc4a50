"""The account of restarts in `lahstats status`."""

from deploy.devstack.endings import Endings, endings

LOG = """
2026-11-27 11:00:00,000 INFO supervisord started with pid 7
2026-11-27 11:00:05,000 WARN exited: sink (exit status 1; not expected)
2026-11-27 11:10:00,000 INFO supervisord started with pid 9
2026-11-27 11:10:01,000 INFO spawned: 'streams' with pid 11
2026-11-27 11:10:09,000 WARN exited: streams (exit status 70; not expected)
2026-11-27 11:10:10,000 INFO spawned: 'streams' with pid 12
2026-11-27 11:10:19,000 WARN exited: streams (terminated by SIGKILL; not expected)
2026-11-27 11:10:29,000 WARN stopped: api (terminated by SIGTERM)
2026-11-27 11:10:39,000 INFO exited: gateway (exit status 0; expected)
"""


def test_ends_that_nobody_asked_for_are_counted_since_the_stack_came_up() -> None:
    assert endings(LOG.splitlines()) == {
        "streams": Endings(2, "terminated by SIGKILL"),
        "gateway": Endings(1, "exit status 0"),
    }
