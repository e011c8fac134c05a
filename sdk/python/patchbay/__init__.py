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
from typing import TYPE_CHECKING, Any, List

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
    from .helpers import function_to_dict
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

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """What is loaded when it is first asked for."""
    if name.startswith("_") and name not in ("_arealtime", "_logging", "_turn_on_debug"):  # LiteLLM's
        raise AttributeError(name)
    from ._late import find

    return find(name, globals())


def __dir__() -> List[str]:
    from ._late import names

    return sorted({*globals(), *names()})


exceptions.join_openai()
if os.environ.get("LITELLM_LOG", "").upper() == "DEBUG":
    __getattr__("_turn_on_debug")()
