"""Python runs this as it starts in a child of the tests: there, too, one time is known."""

import os
import runpy
import select
import time
from pathlib import Path

runpy.run_path(str(Path(__file__).parents[1] / "one_time.py"))["watch"]()

if not {"FAKETIME", "FAKETIME_TIMESTAMP_FILE"}.isdisjoint(os.environ):
    # Debian's libfaketime 0.9.10 spoils `clock_nanosleep` until a monotonic time (its issue 426): sleep otherwise.
    time.sleep = lambda seconds: select.select([], [], [], seconds) and None
