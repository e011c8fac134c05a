"""Names of the package that are loaded when they are first asked for, so that importing it stays cheap."""

from __future__ import annotations

import importlib
from typing import Any, Dict, List

from . import _paths

#: module -> what of it belongs to the package
_MODULES: Dict[str, List[str]] = {
    "router": ["Router"],
    "_callbacks": ["CustomLogger", "logging_callback_manager"],
    "_chunks": ["stream_chunk_builder"],
    "_batches": [
        "abatch_completion", "batch_completion", "batch_completion_models", "batch_completion_models_all_responses",
    ],
    "cost_calculator": [
        "completion_cost", "cost_per_token", "get_response_cost_from_hidden_params", "response_cost_calculator",
    ],
    "tokens": ["async_token_counter", "decode", "encode", "token_counter"],
    "_tokenizers": ["create_pretrained_tokenizer", "create_tokenizer", "encoding"],
    "trimming": ["trim_messages"],
    "_requests": ["type_to_response_format_param"],
    "helpers": [
        "_should_retry", "ProviderConfigManager", "load_credentials_from_list", "responses_api_bridge_check",
        "validate_and_fix_thinking_param", "get_secret", "get_secret_bool", "get_secret_str", "is_prompt_caching_valid_prompt",
    ],
    "_functions": ["function_to_dict"],
    "_custom_llm": ["CustomLLM", "CustomLLMError"],
    "_pictures": ["get_image_dimensions"],
    "supported_params": ["OPENAI_CHAT_COMPLETION_PARAMS", "get_supported_openai_params"],
    "caching": ["Cache", "LiteLLMCacheType", "disable_cache", "enable_cache", "update_cache"],
    "caching.dual_cache": ["DualCache"],
    "caching.in_memory_cache": ["InMemoryCache"],
    "budget_manager": ["BudgetManager"],
    "_namespaces": ["anthropic", "google_genai"],
    "_objects": [
        "ChatCompletionAudioResponse", "ChatCompletionDeltaToolCall", "CompletionTokensDetails", "CompletionTokensDetailsWrapper", "Embedding", "FunctionCall", "HttpxBinaryResponseContent",
        "ImageObject", "ModelResponseBase",
        "ModerationResponse", "PromptTokensDetails",
        "PromptTokensDetailsWrapper", "RerankResponse", "TextChoices", "TranscriptionResponse",
    ],
    "_responses": [
        "ContentPartAddedEvent", "ContentPartDoneEvent", "ErrorEvent", "FunctionCallArgumentsDeltaEvent",
        "FunctionCallArgumentsDoneEvent", "OutputItemAddedEvent", "OutputItemDoneEvent", "OutputTextAnnotationAddedEvent",
        "OutputTextDeltaEvent", "OutputTextDoneEvent", "ReasoningSummaryTextDeltaEvent", "RefusalDeltaEvent", "RefusalDoneEvent",
        "ResponseCompletedEvent", "ResponseCreatedEvent", "ResponseFailedEvent", "ResponseInProgressEvent", "ResponseIncompleteEvent", "ResponsesAPIResponse",
    ],
    "_logging": ["_turn_on_debug"],
    "_debug": ["print_verbose", "verbose_logger", "verbose_proxy_logger", "verbose_router_logger"],
    "types._dictionaries": [
        "AllMessageValues", "ChatCompletionAnnotation", "PartType", "ChatCompletionAssistantMessage", "ChatCompletionAssistantToolCall", "ChatCompletionAudioObject",
        "ChatCompletionCachedContent",
        "ChatCompletionDeltaChunk", "ChatCompletionDeveloperMessage", "ChatCompletionFileObject", "ChatCompletionFunctionMessage",
        "ChatCompletionImageObject", "ChatCompletionImageUrlObject", "ChatCompletionMessageParam", "ChatCompletionRequest",
        "ChatCompletionSystemMessage", "ChatCompletionTextObject", "ChatCompletionThinkingBlock", "ChatCompletionToolCallChunk",
        "ChatCompletionToolCallFunctionChunk", "ChatCompletionToolChoiceFunctionParam", "ChatCompletionToolChoiceObjectParam",
        "ChatCompletionToolChoiceValues", "ChatCompletionToolMessage", "ChatCompletionToolParam",
        "ChatCompletionToolParamFunctionChunk", "ChatCompletionUsageBlock", "ChatCompletionUserMessage", "ChatCompletionVideoObject",
        "CostPerToken", "HiddenParams", "ResponseAPIUsage", "ResponsesAPIOptionalRequestParams", "ServerToolUse",
        "CustomHuggingfaceTokenizer", "DeploymentTypedDict", "GenericStreamingChunk", "LiteLLMParamsTypedDict", "ModelInfoBase",
        "OpenAIMessageContent", "ProviderSpecificModelInfo", "SelectTokenizerResponse", "StandardLoggingHiddenParams",
        "StandardLoggingMetadata", "StandardLoggingModelInformation", "StandardLoggingPayload",
        "StandardLoggingPayloadErrorInformation",
    ],
    "types.router": [
        "AllowedFailsPolicy", "Deployment", "GenericLiteLLMParams", "LiteLLM_Params", "ModelInfo", "RetryPolicy", "RouterErrors",
        "RoutingStrategy",
    ],
    "exceptions": [
        "AzureOpenAIError", "BlockedPiiEntityError", "GuardrailRaisedException", "ImageFetchError", "JSONSchemaValidationError", "LITELLM_EXCEPTION_TYPES",
        "LiteLLMUnknownProvider", "MidStreamFallbackError", "PaymentRequiredError", "RejectedRequestError", "RouterRateLimitError",
    ],
    "_lists": [
        "CallTypes", "LITELLM_CHAT_PROVIDERS", "LlmProviders", "all_embedding_models", "anthropic_models", "azure_llms", "bedrock_models",
        "cohere_chat_models", "cohere_models", "deepseek_models", "gemini_models", "groq_models", "mistral_chat_models",
        "models_by_provider", "open_ai_chat_completion_models", "open_ai_embedding_models", "open_ai_text_completion_models",
        "azure_models", "bedrock_converse_models", "cerebras_models", "databricks_models", "deepinfra_models", "fireworks_ai_models",
        "nvidia_nim_models", "openai_image_generation_models", "perplexity_models", "sambanova_models", "vertex_chat_models",
        "vertex_language_models", "watsonx_models", "xai_models", "ollama_models", "openrouter_models", "replicate_models", "together_ai_models",
    ],
}
_PLACES = {name: module for module, names in _MODULES.items() for name in names}
#: Modules that are named as they are.
_SELVES = ("_logging", "utils", "error", "types", "integrations", "budget_manager", "caching", "cost_calculator", "router")


def names() -> List[str]:
    """All of them."""
    models = importlib.import_module(".models", __package__)
    return [*_PLACES, *models.__all__]


def find(name: str, keep: Dict[str, Any]) -> Any:
    """What the package has of this name, put into `keep` if it stays the same. Raises AttributeError."""
    if name == "openai" or name.startswith("__"):
        raise AttributeError(name)
    if (name in _SELVES or name in _paths.PATHS) and name not in _PLACES:
        return importlib.import_module(f".{name}", __package__)
    place = _PLACES.get(name)
    models = importlib.import_module(".models", __package__) if place is None else None
    if place is not None:
        value = getattr(importlib.import_module(f".{place}", __package__), name)
    elif name in models.__all__:
        return getattr(models, name)  # what is known of models may change
    else:
        value = importlib.import_module("._not_done", __package__).find(name)
        if value is None:
            raise AttributeError(f"module 'patchbay' has no attribute '{name}'")
    keep[name] = value
    return value
