"""A number's way as a drawn flow (R), and the pictures of a dry run (S3): over time, on the flow.

``reading`` asks the plugins, ``showing`` leaves out what is too much at once, ``layers``,
``placing`` and ``routes`` give every box its place, ``svg`` draws, ``text`` says the same in words,
``path`` finds what a call passed, ``paths`` draws that.
"""

from __future__ import annotations

from core.web.flow.paths import draw_paths
from core.web.flow.timeline import draw

__all__ = ["draw", "draw_paths"]
