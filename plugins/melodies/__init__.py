"""Melodies: the nine tones of a number, ready in seven languages or a company's own mp3."""
