"""Names that LiteLLM's type modules have for dictionaries, for annotations and as constructors of plain dictionaries."""

from __future__ import annotations

import functools
from typing import Any, Dict, TypedDict

#: Each is a TypedDict whose members are not told.
DICTIONARIES = frozenset(
    {
        "ChatCompletionUserMessage", "ChatCompletionSystemMessage", "ChatCompletionAssistantMessage", "ChatCompletionToolMessage",
        "ChatCompletionFunctionMessage", "ChatCompletionDeveloperMessage", "ChatCompletionTextObject", "ChatCompletionImageObject",
        "ChatCompletionImageUrlObject", "ChatCompletionAudioObject", "ChatCompletionFileObject", "ChatCompletionThinkingBlock",
        "ChatCompletionToolParam", "ChatCompletionToolParamFunctionChunk", "ChatCompletionToolCallChunk",
        "ChatCompletionToolCallFunctionChunk", "ChatCompletionToolChoiceObjectParam", "ChatCompletionToolChoiceFunctionParam",
        "ChatCompletionAssistantToolCall", "ChatCompletionVideoObject", "ChatCompletionUsageBlock", "ChatCompletionRequest", "ChatCompletionCachedContent", "ChatCompletionDeltaChunk",
        "GenericStreamingChunk", "StandardLoggingPayload", "StandardLoggingMetadata", "StandardLoggingModelInformation",
        "StandardLoggingHiddenParams", "StandardLoggingPayloadErrorInformation", "CostPerToken", "CustomHuggingfaceTokenizer",
        "ChatCompletionAnnotation", "HiddenParams", "PartType", "ResponseAPIUsage", "ResponsesAPIOptionalRequestParams", "ServerToolUse",
        "DeploymentTypedDict", "LiteLLMParamsTypedDict", "ModelInfoBase", "ProviderSpecificModelInfo", "SelectTokenizerResponse",
    }
)
#: Unions of such, and of texts.
_ANYTHING = frozenset({"AllMessageValues", "OpenAIMessageContent", "ChatCompletionToolChoiceValues", "ChatCompletionMessageParam"})
names = [*DICTIONARIES, *_ANYTHING]


@functools.lru_cache(maxsize=None)
def _made(name: str) -> Any:
    return TypedDict(name, {}, total=False)  # type: ignore[operator]


def __getattr__(name: str) -> Any:
    if name in DICTIONARIES:
        return _made(name)
    if name in _ANYTHING:
        return Dict[str, Any]
    raise AttributeError(name)
