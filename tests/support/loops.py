"""Runs coroutines in a thread of their own: Playwright's loop may be running in this one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def run(coroutine: Coroutine[Any, Any, Any], how: Callable[..., Any] = asyncio.run) -> Any:
    """Run to the end; ``how``: by what loop."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(how, coroutine).result()
