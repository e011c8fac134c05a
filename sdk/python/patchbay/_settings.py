"""The module's settings: `patchbay.drop_params = True` and the like, with LiteLLM's names and defaults.

They live in the package's own namespace, where programs set them; this table says which there are. A
setting that is None says nothing. `from_settings` is what a call takes over from them.
"""

from __future__ import annotations

import os
import sys
from typing import Any, Dict

#: name -> default
DEFAULTS: Dict[str, Any] = {
    "api_base": None,
    "api_key": None,
    "api_version": None,
    "organization": None,
    "drop_params": False,
    "modify_params": False,
    "num_retries": None,
    "request_timeout": None,
    "ssl_verify": None,
    "headers": None,
    "model_alias_map": {},
    "input_callback": [],
    "success_callback": [],
    "failure_callback": [],
    "callbacks": [],
    "set_verbose": False,
    "suppress_debug_info": False,
    "telemetry": False,
}

#: setting -> the parameter of a call that it stands for
_PARAMETERS = {
    "api_base": "api_base",
    "api_key": "api_key",
    "api_version": "api_version",
    "organization": "organization",
    "num_retries": "num_retries",
    "request_timeout": "timeout",
    "ssl_verify": "ssl_verify",
}

_MODULE = sys.modules[__package__]


def install() -> None:
    """Puts the defaults into the package."""
    for name, value in DEFAULTS.items():
        if isinstance(value, (list, dict)):
            value = type(value)()
        setattr(_MODULE, name, value)
    if os.environ.get("LITELLM_DROP_PARAMS", "").lower() == "true":
        _MODULE.drop_params = True


def get(name: str) -> Any:
    return _MODULE.__dict__.get(name)


def fill(request: Dict[str, Any]) -> None:
    """Adds to a call what the settings say and the call does not."""
    module = _MODULE.__dict__
    for setting, parameter in _PARAMETERS.items():
        value = module.get(setting)
        if value is not None and parameter not in request:
            request[parameter] = value
    if module.get("drop_params") and "drop_params" not in request:
        request["drop_params"] = True
    # LiteLLM's own names for the keys of a few providers: patchbay.openai_key = "sk-...".
    if "api_key" not in request:
        model = request.get("model")
        if isinstance(model, str):
            provider = request.get("custom_llm_provider") or model.partition("/")[0]
            key = module.get(f"{provider}_key")
            if isinstance(key, str):
                request["api_key"] = key
