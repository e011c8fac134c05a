"""The names that classes had in `openai.error`, before version 1 of that package.

As in later versions, APIError is what all of them are.
"""

from .exceptions import APIConnectionError, AuthenticationError, RateLimitError, ServiceUnavailableError, Timeout
from .exceptions import BadRequestError as InvalidRequestError
from .exceptions import PatchbayError as APIError
from .exceptions import PatchbayError as OpenAIError
from .exceptions import PermissionDeniedError as PermissionError

__all__ = [
    "APIConnectionError",
    "APIError",
    "AuthenticationError",
    "InvalidRequestError",
    "OpenAIError",
    "PermissionError",
    "RateLimitError",
    "ServiceUnavailableError",
    "Timeout",
]
