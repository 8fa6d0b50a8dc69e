"""Moves the clock of `rehydrate simulate --virtual-time` on while a task waits.

Ansible sleeps `delay` seconds between two looks. With `--extra-vars pace=0` the playbook sleeps no
time at all, and here the simulated time goes on by what it would have slept: the task's
`expected_s`. So it is for `rehydrate run`, whose clock is the same file: REHYDRATE_CLOCK_FILE,
milliseconds in eight bytes (scenarios/rehearsal/shared_clock.hpp).
"""

import os
import struct

from ansible.plugins.callback import CallbackBase


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "virtual_time"
    CALLBACK_NEEDS_ENABLED = True

    def v2_runner_retry(self, result):
        path = os.environ.get("REHYDRATE_CLOCK_FILE")
        if not path:
            return
        slept_ms = 1000 * int(result._task.vars["expected_s"])
        with open(path, "r+b", buffering=0) as clock:
            (now_ms,) = struct.unpack("<q", clock.read(8))
            clock.seek(0)
            clock.write(struct.pack("<q", now_ms + slept_ms))
