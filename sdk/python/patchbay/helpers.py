"""Small functions that programs have from LiteLLM."""

from __future__ import annotations

import os
from typing import Any, Dict, List, Optional, Tuple

#: Tokens from which providers keep a prompt.
_LEAST_CACHED = 1024


def is_prompt_caching_valid_prompt(
    model: str, messages: Optional[List[Any]] = None, tools: Optional[List[Any]] = None, custom_llm_provider: Optional[str] = None
) -> bool:
    """Is the prompt so long that a provider which caches prompts would keep it? False if it cannot be counted."""
    from .tokens import token_counter

    try:
        return token_counter(model=model, messages=messages or [], tools=tools) >= _LEAST_CACHED
    except Exception:  # noqa: BLE001 -- LiteLLM's promise
        return False


def get_secret(secret_name: str, default_value: Any = None) -> Any:
    """The environment's variable of the name, "true" and "false" as bool; `default_value` if there is none."""
    value = os.environ.get(secret_name.removeprefix("os.environ/"))
    if value is None:
        return default_value
    return {"true": True, "false": False}.get(value.strip().lower(), value)


def get_secret_str(secret_name: str, default_value: Optional[str] = None) -> Optional[str]:
    """get_secret() that is a text."""
    return os.environ.get(secret_name.removeprefix("os.environ/"), default_value)


def get_secret_bool(secret_name: str, default_value: Optional[bool] = None) -> Optional[bool]:
    """get_secret() that is true or false."""
    value = get_secret(secret_name, default_value)
    return value if isinstance(value, bool) else None


class ProviderConfigManager:
    """LiteLLM's, where programs ask it who has a Responses API of its own: no answer is given, so that they chat."""

    def __init__(self, *_: Any, **__: Any) -> None:
        raise NotImplementedError("ProviderConfigManager is LiteLLM's: requests are written by the provider's plugin")

    @staticmethod
    def get_provider_responses_api_config(*_: Any, **__: Any) -> None:
        return None


def responses_api_bridge_check(model: str, custom_llm_provider: str, **_: Any) -> Tuple[Dict[str, Any], str]:
    """({"mode": of the model}, the model): does LiteLLM send its chat to the Responses API? Here its provider's plugin
    decides that."""
    from . import models

    facts = models._facts(model.removeprefix("responses/"), custom_llm_provider)
    mode = "responses" if model.startswith("responses/") else facts.get("mode")
    return {"mode": mode} if mode else {}, model.removeprefix("responses/")


def validate_and_fix_thinking_param(thinking: Any) -> Any:
    """`thinking` with Anthropic's own spelling of its budget."""
    if not isinstance(thinking, dict) or "budgetTokens" not in thinking:
        return thinking
    made = {name: value for name, value in thinking.items() if name != "budgetTokens"}
    return {**made, "budget_tokens": made.get("budget_tokens", thinking["budgetTokens"])}


def load_credentials_from_list(kwargs: Dict[str, Any]) -> None:
    """Puts what `litellm_credential_name` stands for into the arguments; there is no list of credentials here."""
    if kwargs.get("litellm_credential_name"):
        raise NotImplementedError("litellm_credential_name: give the call its key")


def _should_retry(status_code: int) -> bool:
    """May a call that failed with this status of HTTP be good when it is made again? LiteLLM's, for `error.status_code`."""
    return status_code in (408, 409, 429) or status_code >= 500
