"""The built-in plugins. They come in by the partners' door: entry points and ``core.api``."""
