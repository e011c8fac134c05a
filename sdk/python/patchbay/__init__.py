"""Calls to the models of many providers from within a program, in OpenAI's shapes.

    from patchbay import completion

    answer = completion("openai/gpt-4o", [{"role": "user", "content": "Hello"}])
    print(answer.choices[0].message.content)

Names and arguments are LiteLLM's, so `import patchbay as litellm` serves most programs that use its SDK. The
work is done by the engine of the Patchbay gateway, in this process and without a server. docs/client.md has
more.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Dict, List, Optional

from . import _settings

_settings.install()

from . import _paths, exceptions  # noqa: E402,F401
from ._paths import as_litellm  # noqa: E402
from ._calls import CustomStreamWrapper, Stream  # noqa: E402
from ._objects import (  # noqa: E402
    ChatCompletionMessageToolCall,
    Choices,
    Delta,
    EmbeddingResponse,
    Function,
    ImageResponse,
    Message,
    ModelResponse,
    ModelResponseStream,
    StreamingChoices,
    TextCompletionResponse,
    Usage,
)
from .exceptions import (  # noqa: E402
    APIConnectionError,
    APIError,
    APIResponseValidationError,
    AuthenticationError,
    BadGatewayError,
    BadRequestError,
    BudgetExceededError,
    ContentPolicyViolationError,
    ContextWindowExceededError,
    InternalServerError,
    InvalidRequestError,
    MockException,
    ModelNotMappedError,
    NotFoundError,
    OpenAIError,
    PatchbayError,
    PermissionDeniedError,
    RateLimitError,
    ServiceUnavailableError,
    Timeout,
    UnprocessableEntityError,
    UnsupportedParamsError,
)
from .main import (  # noqa: E402
    aanthropic_messages,
    acompletion,
    acompletion_with_retries,
    acreate,
    aembedding,
    agenerate_content,
    agenerate_content_stream,
    aimage_generation,
    amoderation,
    anthropic_messages,
    arerank,
    aresponses,
    aspeech,
    atext_completion,
    check_valid_key,
    completion,
    completion_with_retries,
    embedding,
    generate_content,
    generate_content_stream,
    image_generation,
    mock_completion,
    moderation,
    rerank,
    responses,
    speech,
    text_completion,
)

if TYPE_CHECKING:
    from ._callbacks import CustomLogger
    from ._chunks import stream_chunk_builder
    from ._custom_llm import CustomLLM, CustomLLMError
    from ._namespaces import anthropic, google_genai
    from ._batches import (
        abatch_completion,
        batch_completion,
        batch_completion_models,
        batch_completion_models_all_responses,
    )
    from .budget_manager import BudgetManager
    from .caching import Cache, disable_cache, enable_cache, update_cache
    from .cost_calculator import completion_cost, cost_per_token
    from ._functions import function_to_dict
    from .models import (
        get_api_key,
        get_llm_provider,
        get_max_tokens,
        get_model_info,
        get_valid_models,
        register_model,
        validate_environment,
    )
    from .router import Router
    from .supported_params import get_supported_openai_params
    from .tokens import decode, encode, token_counter
    from .trimming import trim_messages

    # Settings (_settings.py).
    api_base: Optional[str]
    api_key: Optional[str]
    api_version: Optional[str]
    organization: Optional[str]
    vertex_project: Optional[str]
    vertex_location: Optional[str]
    openai_key: Optional[str]
    azure_key: Optional[str]
    anthropic_key: Optional[str]
    cohere_key: Optional[str]
    replicate_key: Optional[str]
    huggingface_key: Optional[str]
    openrouter_key: Optional[str]
    groq_key: Optional[str]
    databricks_key: Optional[str]
    vertex_ai_key: Optional[str]
    ai21_key: Optional[str]
    baseten_key: Optional[str]
    nlp_cloud_key: Optional[str]
    ollama_key: Optional[str]
    predibase_key: Optional[str]
    togetherai_api_key: Optional[str]
    novita_api_key: Optional[str]
    amazon_nova_api_key: Optional[str]
    cloudflare_api_key: Optional[str]
    datarobot_key: Optional[str]
    gradient_ai_api_key: Optional[str]
    heroku_key: Optional[str]
    infinity_key: Optional[str]
    llama_api_key: Optional[str]
    maritalk_key: Optional[str]
    nebius_key: Optional[str]
    ovhcloud_key: Optional[str]
    snowflake_key: Optional[str]
    vercel_ai_gateway_key: Optional[str]
    wandb_key: Optional[str]
    xai_key: Optional[str]
    drop_params: bool
    modify_params: bool
    enable_json_schema_validation: bool
    turn_off_message_logging: bool
    disable_token_counter: bool
    set_verbose: bool
    suppress_debug_info: bool
    telemetry: bool
    drop_unknown: bool
    use_client: bool
    add_function_to_prompt: bool
    use_litellm_proxy: bool
    return_response_headers: bool
    disable_aiohttp_transport: bool
    disable_stop_sequence_limit: bool
    disable_streaming_logging: bool
    redact_messages_in_exceptions: bool
    include_cost_in_streaming_usage: bool
    num_retries: Optional[int]
    request_timeout: Any
    ssl_verify: Any
    headers: Any
    default_fallbacks: Any
    model_fallbacks: Any
    cache: Any
    model_alias_map: Dict[str, Any]
    callback_settings: Dict[str, Any]
    custom_provider_map: List[Any]
    input_callback: List[Any]
    success_callback: List[Any]
    failure_callback: List[Any]
    callbacks: List[Any]
    pre_call_rules: List[Any]
    post_call_rules: List[Any]
    disable_hf_tokenizer_download: Optional[bool]
    cost_discount_config: Dict[str, Any]
    cost_margin_config: Dict[str, Any]
    block_requests_for_models_without_pricing: bool
    langfuse_default_tags: Any
    redact_user_api_key_info: bool
    standard_logging_payload_excluded_fields: Any
    global_disable_no_log_param: bool
    max_budget: float
    model_cost_map_url: str

    # For type checkers, which take what is imported for private otherwise.
    __all__ = [
        "APIConnectionError", "APIError", "APIResponseValidationError", "AuthenticationError", "BadGatewayError",
        "BadRequestError", "BudgetExceededError", "BudgetManager", "Cache", "ChatCompletionMessageToolCall",
        "Choices", "ContentPolicyViolationError", "ContextWindowExceededError", "CustomLLM", "CustomLLMError",
        "CustomLogger", "CustomStreamWrapper", "Delta", "EmbeddingResponse", "Function", "ImageResponse", "InternalServerError",
        "InvalidRequestError", "Message", "MockException", "ModelNotMappedError", "ModelResponse",
        "ModelResponseStream", "NotFoundError", "OpenAIError", "PatchbayError", "PermissionDeniedError",
        "RateLimitError", "Router", "ServiceUnavailableError", "Stream", "StreamingChoices",
        "TextCompletionResponse", "Timeout", "UnprocessableEntityError", "UnsupportedParamsError", "Usage",
        "aanthropic_messages", "abatch_completion", "acompletion", "acompletion_with_retries", "acreate",
        "aembedding", "agenerate_content", "agenerate_content_stream", "aimage_generation", "amoderation",
        "anthropic", "anthropic_messages", "arerank", "aresponses", "as_litellm", "aspeech", "atext_completion",
        "batch_completion", "batch_completion_models", "batch_completion_models_all_responses", "check_valid_key",
        "completion", "completion_cost", "completion_with_retries", "cost_per_token", "decode", "disable_cache",
        "embedding", "enable_cache", "encode", "exceptions", "function_to_dict", "generate_content",
        "generate_content_stream", "get_api_key", "get_llm_provider", "get_max_tokens", "get_model_info",
        "get_supported_openai_params", "get_valid_models", "google_genai", "image_generation", "mock_completion",
        "moderation", "register_model", "rerank", "responses", "speech", "stream_chunk_builder", "text_completion",
        "token_counter", "trim_messages", "update_cache", "validate_environment",
    ]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """What is loaded when it is first asked for."""
    if name.startswith("_") and name not in ("_arealtime", "_logging", "_should_retry", "_turn_on_debug"):  # LiteLLM's
        raise AttributeError(name)
    from ._late import find

    return find(name, globals())


def __dir__() -> List[str]:
    from ._late import names

    return sorted({*globals(), *names()})


exceptions.join_openai()
if os.environ.get("LITELLM_LOG", "").upper() == "DEBUG":
    __getattr__("_turn_on_debug")()
