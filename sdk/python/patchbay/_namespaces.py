"""LiteLLM's other names for functions that are here: `anthropic.messages.create`, `google_genai.generate_content`."""

from __future__ import annotations

from types import SimpleNamespace

from . import main

anthropic = SimpleNamespace(
    messages=SimpleNamespace(create=main._anthropic_messages, acreate=main.aanthropic_messages),
    create=main._anthropic_messages,
    acreate=main.aanthropic_messages,
)

google_genai = SimpleNamespace(
    generate_content=main.generate_content,
    agenerate_content=main.agenerate_content,
    generate_content_stream=main.generate_content_stream,
    agenerate_content_stream=main.agenerate_content_stream,
)
