"""Calls to the models of many providers from within a program, in OpenAI's shapes.

    from patchbay import completion

    answer = completion("openai/gpt-4o", [{"role": "user", "content": "Hello"}])
    print(answer.choices[0].message.content)

Names and arguments are LiteLLM's, so `import patchbay as litellm` serves most programs that use its SDK. The
work is done by the engine of the Patchbay gateway, in this process and without a server. docs/client.md has
more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, List

from . import _settings

_settings.install()

from . import exceptions  # noqa: E402
from ._calls import CustomStreamWrapper, Stream  # noqa: E402
from ._chunks import stream_chunk_builder  # noqa: E402
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
    NotFoundError,
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
    abatch_completion,
    acompletion,
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
    batch_completion,
    completion,
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
    from .models import (
        get_llm_provider,
        get_max_tokens,
        get_model_info,
        get_supported_openai_params,
        supports_audio_input,
        supports_audio_output,
        supports_function_calling,
        supports_parallel_function_calling,
        supports_pdf_input,
        supports_prompt_caching,
        supports_reasoning,
        supports_response_schema,
        supports_system_messages,
        supports_tool_choice,
        supports_vision,
        supports_web_search,
        validate_environment,
    )
    from .router import Router

__version__ = "0.1.0"

_LATE = {"Router": "router", "CustomLogger": "_callbacks"}


def __getattr__(name: str) -> Any:
    """What is loaded when it is first asked for."""
    import importlib

    if name == "openai" or name.startswith("__"):
        raise AttributeError(name)
    place = _LATE.get(name)
    if place is None:
        models = importlib.import_module(".models", __name__)
        if name in models.__all__:
            place = "models"
    if place is not None:
        value = getattr(importlib.import_module(f".{place}", __name__), name)
    else:
        from .main import not_done

        value = not_done().get(name)
        if value is None:
            raise AttributeError(f"module 'patchbay' has no attribute '{name}'")
    globals()[name] = value
    return value


def __dir__() -> List[str]:
    from . import models

    return sorted({*globals(), *_LATE, *models.__all__})
