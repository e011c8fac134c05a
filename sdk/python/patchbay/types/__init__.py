"""LiteLLM's package of this name."""

from .._paths import of_folder

__getattr__ = of_folder(__name__)
