"""What takes files of people apart and writes them anew. It runs in a process of its own (`core.sandbox`) and nowhere else.

Promises, of every kind: what is written holds only what is named here as kept; where it is written anew once more, the same bytes
come out; what cannot be read raises `FileRefused`.
"""

from __future__ import annotations
