"""Rung for an assistant: a server of the Model Context Protocol, in front of the interface for programs.

It knows nothing but a token: what the token is not for, it cannot ask. By itself it only reads, and each call
is noted.
"""

from rung.mcp.calls import Calls
from rung.mcp.server import assistant_server

__all__ = ["Calls", "assistant_server"]
