"""LiteLLM's package of this name."""
