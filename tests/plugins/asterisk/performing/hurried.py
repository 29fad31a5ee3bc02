"""A loop whose clock jumps to whatever happens next: ten minutes of ringing take no time."""

import asyncio
import selectors

from tests.support import loops


class _Selector(selectors.SelectSelector):
    loop = None

    def select(self, timeout=None):
        ready = super().select(0)
        if not ready and timeout is None:
            raise RuntimeError("Nothing will ever happen again, and somebody waits for it.")
        if not ready and timeout > 0:
            self.loop.passed += timeout
        return ready


class HurriedLoop(asyncio.SelectorEventLoop):
    """Its time is as exact as floats are: nothing is added for the machine's slowness."""

    def __init__(self):
        self.passed = 1000.0
        selector = _Selector()
        super().__init__(selector)
        selector.loop = self
        self._clock_resolution = 1e-6

    def time(self):
        return self.passed


async def _settle():
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)


def run(coroutine):
    """Run to the end, in no time."""
    return loops.run(coroutine, _hurried)


def _hurried(coroutine):
    loop = HurriedLoop()
    try:
        return loop.run_until_complete(coroutine)
    finally:
        loop.run_until_complete(_settle())
        loop.close()
