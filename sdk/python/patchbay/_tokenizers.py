"""Tokenizers: OpenAI's of the package `tiktoken`, others of the package `tokenizers`, each where it is installed.

Which model has which is as LiteLLM has it: Llama's and Command R's are fetched from the Hugging Face Hub (unless
`disable_hf_tokenizer_download` is set) and kept there by its package; all others are counted with OpenAI's.
"""

from __future__ import annotations

import functools
import warnings
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Tuple

from . import _settings

#: What a model's name contains -> a tokenizer of the Hub.
_HUB: Tuple[Tuple[str, str], ...] = (
    ("command-r", "Xenova/c4ai-command-r-v01-tokenizer"),
    ("llama-2", "hf-internal-testing/llama-tokenizer"),
    ("replicate", "hf-internal-testing/llama-tokenizer"),
    ("llama-3", "Xenova/llama-3-tokenizer"),
)


class Tokenizer(NamedTuple):
    encode: Callable[[str], List[int]]
    decode: Callable[[List[int]], str]


def of_model(model: str) -> Optional[Tokenizer]:
    """The model's; None: neither package is there. Raises what tiktoken raises when it cannot fetch its tables."""
    if not _settings.get("disable_hf_tokenizer_download"):
        name = next((hub for part, hub in _HUB if part in model.lower()), None)
        found = _from_hub(name) if name else None
        if found is not None:
            return found
    return _of_openai(model)


def given(custom: Any) -> Tokenizer:
    """Of create_tokenizer() or create_pretrained_tokenizer(): {"type": ..., "tokenizer": ...}."""
    if not isinstance(custom, dict) or "tokenizer" not in custom:
        raise TypeError("custom_tokenizer: expected what create_tokenizer() or create_pretrained_tokenizer() returns")
    made = custom["tokenizer"]
    if custom.get("type") == "openai_tokenizer":
        return Tokenizer(lambda text: made.encode(text, disallowed_special=()), made.decode)
    return _wrapped(made)


def _wrapped(made: Any) -> Tokenizer:
    return Tokenizer(lambda text: made.encode(text).ids, made.decode)


def _package() -> Any:
    try:
        import tokenizers
    except ImportError:
        return None
    return tokenizers


@functools.lru_cache(maxsize=8)
def _from_hub(name: str) -> Optional[Tokenizer]:
    package = _package()
    if package is None:
        return None
    try:
        return _wrapped(package.Tokenizer.from_pretrained(name))
    except Exception as wrong:  # noqa: BLE001 -- there may be no network, or no such file any more
        warnings.warn(f"the tokenizer {name} cannot be fetched, tokens are counted with OpenAI's: {wrong}", stacklevel=5)
        return None


@functools.lru_cache(maxsize=64)
def _of_openai(model: str) -> Optional[Tokenizer]:
    try:
        import tiktoken
    except ImportError:
        return None
    name = model.rpartition("/")[2]
    if "gpt-4o" in name:
        encoding = tiktoken.get_encoding("o200k_base")
    else:
        try:
            encoding = tiktoken.encoding_for_model(name)
        except KeyError:
            encoding = tiktoken.get_encoding("cl100k_base")
    return Tokenizer(lambda text: encoding.encode(text, disallowed_special=()), encoding.decode)


def _needed(function: str) -> Any:
    package = _package()
    if package is None:
        raise NotImplementedError(f"{function}() needs the package `tokenizers`, which is not installed")
    return package


def create_tokenizer(json: str) -> Dict[str, Any]:
    """A tokenizer for `custom_tokenizer`, of the text of a tokenizer.json. Needs `tokenizers`."""
    return {"type": "huggingface_tokenizer", "tokenizer": _needed("create_tokenizer").Tokenizer.from_str(json)}


def create_pretrained_tokenizer(
    identifier: str, revision: str = "main", auth_token: Optional[str] = None
) -> Dict[str, Any]:
    """A tokenizer for `custom_tokenizer`, by its name on the Hugging Face Hub. Needs `tokenizers`."""
    package = _needed("create_pretrained_tokenizer")
    made = package.Tokenizer.from_pretrained(identifier, revision=revision, token=auth_token)
    return {"type": "huggingface_tokenizer", "tokenizer": made}


class _Encoding:
    """LiteLLM's `encoding`: GPT-3.5's tokenizer, of the package `tiktoken`, loaded when it is first used."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            import tiktoken
        except ImportError:
            raise NotImplementedError("tokens of a text are told by the package `tiktoken`, which is not installed") from None
        return getattr(tiktoken.get_encoding("cl100k_base"), name)


encoding = _Encoding()
