"""What of LiteLLM's SDK is not done: each name is there and says so when it is called."""

from __future__ import annotations

from typing import Any, Dict

_OPERATION = "the engine has no such operation yet"
_COST = "what a call cost is in its answer's `_hidden_params`"
_GATEWAY = "run the gateway for it"

#: function -> why; each has a twin for asyncio with an "a" in front.
FUNCTIONS: Dict[str, str] = {
    **dict.fromkeys(
        (
            "transcription", "image_edit", "image_variation", "create_batch", "retrieve_batch", "list_batches",
            "cancel_batch", "create_file", "file_retrieve", "file_delete", "file_list", "file_content",
            "create_fine_tuning_job", "cancel_fine_tuning_job", "list_fine_tuning_jobs", "retrieve_fine_tuning_job",
            "ocr", "search", "get_responses", "delete_responses", "cancel_responses", "compact_responses",
            "list_input_items", "video_generation", "video_content", "video_status", "video_remix", "video_list",
            "get_assistants", "create_assistants", "delete_assistant", "delete_assistants", "create_thread", "get_thread", "add_message",
            "get_messages", "run_thread", "run_thread_stream", "vector_store_file_create", "vector_store_file_list", "vector_store_file_retrieve", "vector_store_file_content",
            "vector_store_file_update", "vector_store_file_delete", "create_container", "list_containers",
            "retrieve_container", "delete_container", "list_container_files", "upload_container_file",
            "upload_container_files", "llm_passthrough_route", "send_message", "compress", "agent",
        ),
        _OPERATION,
    ),
    "health_check": _GATEWAY + " (GET /health)",
    "config_completion": "use Router.from_config()",
    "return_raw_request": "a request is written by the provider's plugin when it is sent",
    "register_prompt_template": "prompts are written by the provider's plugin",
    "ocr_cost": _OPERATION,
    "transcription_cost": _OPERATION,
    "batch_cost_calculator": _OPERATION,
    "rerank_cost": _COST,
    "default_image_cost_calculator": _COST,
    "default_video_cost_calculator": _OPERATION,
    "get_supported_regions": "the table of models does not say",
    "realtime": "a WebSocket of the gateway (GET /v1/realtime)",
    "_arealtime": "a WebSocket of the gateway (GET /v1/realtime)",
    "RedisCache": "the engine keeps answers itself (patchbay.Cache)",
    **dict.fromkeys(("HTTPHandler", "AsyncHTTPHandler"), "the engine has its own HTTP client, and a provider in Python takes its own"),
    **dict.fromkeys(
        ("get_optional_params", "convert_to_model_response_object", "exception_type", "map_finish_reason"),
        "requests and answers are translated by the provider's plugin",
    ),
    **dict.fromkeys(
        ("AnthropicConfig", "OpenAIConfig", "OpenAIGPTConfig", "AzureOpenAIConfig", "VertexGeminiConfig", "GoogleAIStudioGeminiConfig",
         "AmazonConverseConfig", "OllamaConfig", "MistralConfig", "GroqChatConfig"),
        "give the call its parameters",
    ),
}

#: namespace -> why its functions are not there
NAMESPACES: Dict[str, str] = dict.fromkeys(
    ("vector_stores", "vector_store_files", "interactions", "skills", "rag", "videos", "a2a", "containers"), _OPERATION
)


def refusal(name: str, why: str) -> Any:
    """A function that says so."""

    def call(*_: Any, **__: Any) -> Any:
        raise NotImplementedError(f"{name}() is LiteLLM's and not done by Patchbay's client library: {why}")

    call.__name__ = call.__qualname__ = name
    call.__doc__ = "Not done; raises NotImplementedError."
    return call


class _Namespace:
    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, function: str) -> Any:
        if function.startswith("__"):
            raise AttributeError(function)
        return refusal(f"{self._name}.{function}", NAMESPACES[self._name])


def find(name: str) -> Any:
    """The function, or the namespace, that says so; None: LiteLLM has no such name, as far as is known."""
    if name in NAMESPACES:
        return _Namespace(name)
    why = FUNCTIONS.get(name) or FUNCTIONS.get(name[1:] if name.startswith("a") else "")
    return None if why is None else refusal(name, why)
