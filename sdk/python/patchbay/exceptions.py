"""Why a call failed: LiteLLM's exception classes, which also are those of the `openai` package.

`openai` is neither needed nor imported. But where a program has imported it, the classes here become its classes, too, so
that `except openai.RateLimitError` catches what is raised: join_openai().
"""

from __future__ import annotations

import json
import sys
import threading
from typing import Any, Dict, Optional, Tuple


class _Failure(Exception):
    """The base of the base: a class of Python's own cannot be put beside one of `openai`'s later."""


class PatchbayError(_Failure):
    """All of them."""

    #: of HTTP, where the failure has none of its own
    default_status = 500
    #: name of the class of `openai` that this one is, too
    openai_class = "APIError"
    #: LiteLLM's order of the arguments by place
    _places: Tuple[str, ...] = ("message", "model", "llm_provider", "response")

    def __init__(self, *values: Any, **named: Any) -> None:
        if len(values) > len(self._places):
            raise TypeError(f"{type(self).__name__}() takes {len(self._places)} arguments by place, {len(values)} were given")
        self._tell(**dict(zip(self._places, values)), **named)

    def _tell(
        self,
        message: str = "",
        model: Optional[str] = None,
        llm_provider: Optional[str] = None,
        response: Any = None,
        status_code: Optional[int] = None,
        **facts: Any,
    ) -> None:
        message = self._named(message)
        Exception.__init__(self, message)
        self.message = message
        self.model = model
        self.llm_provider = llm_provider
        self.status_code = status_code or self.default_status
        self.code = facts.get("code")
        self.param = facts.get("param")
        self.type = facts.get("type")
        self.body = facts.get("body")
        self.retry_after = facts.get("retry_after")
        self.request_id = facts.get("request_id")
        self.litellm_debug_info = None
        self.num_retries = facts.get("num_retries")
        self.max_retries = facts.get("max_retries")
        self.headers: Dict[str, str] = facts.get("headers") or {}
        self.litellm_response_headers = self.headers  # LiteLLM's name
        self._text = facts.get("upstream_body") or message
        self._response = response

    @classmethod
    def _named(cls, message: Any) -> str:
        """LiteLLM's messages begin with the name of their class."""
        text = str(message)
        return text if text.startswith("litellm.") else f"litellm.{cls.__name__}: {text}"

    @property
    def response(self) -> Any:
        """What the provider answered: an httpx.Response where httpx is imported, else an object with
        `status_code`, `headers` and `text`."""
        if self._response is None:
            self._response = _response(self.status_code, self.headers, self._text)
        return self._response

    @response.setter
    def response(self, value: Any) -> None:
        self._response = value

    @property
    def request(self) -> Any:
        return getattr(self.response, "request", None)

    @request.setter
    def request(self, value: Any) -> None:
        pass

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> Tuple[Any, ...]:
        kept = {k: v for k, v in self.__dict__.items() if k not in ("_response",)}
        return (_rebuilt, (type(self), kept))


def _rebuilt(cls: type, state: Dict[str, Any]) -> BaseException:
    made = raisable(cls).__new__(cls)
    Exception.__init__(made, state.get("message", ""))
    made.__dict__.update(state, _response=None)
    return made


#: Of the classes that tell their provider before its model.
_PROVIDER_FIRST = ("message", "llm_provider", "model", "response")


class APIError(PatchbayError):
    _places = ("status_code", "message", "llm_provider", "model")


class APIConnectionError(PatchbayError):
    openai_class = "APIConnectionError"
    _places = ("message", "llm_provider", "model")


class APIResponseValidationError(PatchbayError):
    _places = ("message", "llm_provider", "model")
    openai_class = "APIResponseValidationError"


class Timeout(PatchbayError):
    default_status = 408
    openai_class = "APITimeoutError"


class AuthenticationError(PatchbayError):
    _places = _PROVIDER_FIRST
    default_status = 401
    openai_class = "AuthenticationError"


class PermissionDeniedError(PatchbayError):
    _places = _PROVIDER_FIRST
    default_status = 403
    openai_class = "PermissionDeniedError"


class NotFoundError(PatchbayError):
    default_status = 404
    openai_class = "NotFoundError"


class BadRequestError(PatchbayError):
    default_status = 400
    openai_class = "BadRequestError"


class InvalidRequestError(BadRequestError):
    pass


class UnsupportedParamsError(BadRequestError):
    _places = ("message", "llm_provider", "model", "status_code", "response")


class ContextWindowExceededError(BadRequestError):
    pass


class ContentPolicyViolationError(BadRequestError):
    pass


class RejectedRequestError(BadRequestError):
    """LiteLLM's, for `except`: nothing here raises it."""


class PaymentRequiredError(BadRequestError):
    """LiteLLM's, for `except`: nothing here raises it."""

    default_status = 402


class AzureOpenAIError(PatchbayError):
    """LiteLLM's, for `except`: nothing here raises it."""


class RouterRateLimitError(ValueError):
    """Router.get_available_deployment() has none; calls raise RateLimitError."""


class ImageFetchError(BadRequestError):
    """LiteLLM's, for `except`: nothing here raises it."""


class JSONSchemaValidationError(APIResponseValidationError):
    """An answer is other than its schema wants (`enable_json_schema_validation`): `raw_response` and `schema` are texts."""

    def __init__(self, model: str = "", llm_provider: str = "", raw_response: str = "", schema: str = "", why: str = "", **facts: Any):
        self.raw_response = raw_response
        self.schema = schema
        text = f"model={model}, returned an invalid response={raw_response}, for schema={schema}. {why}"
        super().__init__(message=facts.pop("message", None) or text, model=model, llm_provider=llm_provider, **facts)


class UnprocessableEntityError(PatchbayError):
    default_status = 422
    openai_class = "UnprocessableEntityError"


class RateLimitError(PatchbayError):
    _places = _PROVIDER_FIRST
    default_status = 429
    openai_class = "RateLimitError"

    def _tell(self, *values: Any, **facts: Any) -> None:
        super()._tell(*values, **facts)
        self.code = self.code or "429"  # LiteLLM's; the provider's own is in `body`
        self.type = self.type or "throttling_error"


class InternalServerError(PatchbayError):
    _places = _PROVIDER_FIRST
    default_status = 500
    openai_class = "InternalServerError"


class BadGatewayError(PatchbayError):
    _places = _PROVIDER_FIRST
    default_status = 502
    openai_class = "APIStatusError"


class ServiceUnavailableError(PatchbayError):
    _places = _PROVIDER_FIRST
    default_status = 503
    openai_class = "APIStatusError"


class MidStreamFallbackError(ServiceUnavailableError):
    """LiteLLM's, for `except`: nothing here raises it."""


class BudgetExceededError(PatchbayError):
    """`max_budget` is spent: BudgetExceededError(current_cost, max_budget), in dollars."""

    default_status = 400

    def __init__(self, current_cost: Any = 0.0, max_budget: float = 0.0, message: Optional[str] = None, **facts: Any):
        if isinstance(current_cost, str):  # a failure of the engine's, which has its words
            message, current_cost = current_cost, 0.0
        self.current_cost = current_cost
        self.max_budget = max_budget
        text = message or f"Budget has been exceeded! Current cost: {current_cost}, Max budget: {max_budget}"
        super().__init__(message=text, **facts)

    @classmethod
    def _named(cls, message: Any) -> str:
        return str(message)


class MockException(PatchbayError):
    _places = ("status_code", "message", "llm_provider", "model")


class LiteLLMUnknownProvider(BadRequestError):
    """`custom_provider_map` has an object that is no CustomLLM."""


class GuardrailRaisedException(Exception):
    """LiteLLM's, for `except`: nothing here raises it."""


class BlockedPiiEntityError(Exception):
    """LiteLLM's, for `except`: nothing here raises it."""


class ModelNotMappedError(Exception):
    """Nothing is known of a model: neither what it costs nor what it can do."""


#: LiteLLM's name of what all of them are.
OpenAIError = PatchbayError


class _Request:
    method = "POST"
    url = ""
    headers: Dict[str, str] = {}


class _Response:
    """What of an httpx.Response handlers of errors look at."""

    def __init__(self, status_code: int, headers: Dict[str, str], text: str) -> None:
        self.status_code = status_code
        self.headers = headers
        self.text = text
        self.content = text.encode("utf-8", "replace")
        self.request = _Request()

    def json(self) -> Any:
        return json.loads(self.text)


def _response(status: int, headers: Dict[str, str], text: str) -> Any:
    httpx = sys.modules.get("httpx")
    if httpx is None:
        return _Response(status, headers, text)
    plain = {k: v for k, v in headers.items() if k not in ("content-length", "content-encoding", "transfer-encoding")}
    return httpx.Response(status, headers=plain, text=text, request=httpx.Request("POST", "https://provider"))


_joining = threading.Lock()
_joined = False


def join_openai() -> None:
    """Makes the classes here those of `openai`, too, once the program has imported it: the same classes, so that what was
    imported, derived or kept as a key before still is what is raised."""
    global _joined
    openai = sys.modules.get("openai")
    if _joined or openai is None:
        return
    with _joining:
        for cls in (PatchbayError, *_BY_NAME.values()):
            other = getattr(openai, cls.__dict__.get("openai_class", ""), None)
            if not isinstance(other, type) or issubclass(cls, other):  # a module that only has the name
                continue
            cls.__bases__ = (*cls.__bases__, other)
        _joined = hasattr(openai, PatchbayError.openai_class)


def raisable(cls: type) -> type:
    """`cls`, which is also `openai`'s where a program may want to catch that."""
    join_openai()
    return cls


_BY_NAME = {name: value for name, value in globals().items() if isinstance(value, type) and issubclass(value, PatchbayError)}

#: The class of a status of HTTP; a server's that has none is an InternalServerError, a client's a BadRequestError.
_BY_STATUS = {
    cls.default_status: cls
    for cls in (
        BadRequestError, AuthenticationError, PermissionDeniedError, NotFoundError, Timeout, UnprocessableEntityError,
        RateLimitError, InternalServerError, BadGatewayError, ServiceUnavailableError,
    )
}


def of_status(status: int) -> type:
    return _BY_STATUS.get(status) or (BadRequestError if 400 <= status < 500 else InternalServerError)


#: LiteLLM's list of its classes.
LITELLM_EXCEPTION_TYPES = [cls for cls in _BY_NAME.values() if cls is not PatchbayError]


def _body(failure: Dict[str, Any]) -> Any:
    """What the provider said of the error, as the `openai` package has it."""
    try:
        said = json.loads(failure.get("upstream_body") or "null")
    except ValueError:
        return None
    return said.get("error") or said if isinstance(said, dict) else None


def from_failure(failure: Dict[str, Any], about: Optional[Dict[str, Any]], asked: Optional[str]) -> PatchbayError:
    """The exception for what the engine says of a failed call of the model `asked`."""
    cls = _BY_NAME.get(failure.get("exception", ""), APIError)
    about = about or {}
    headers = {}
    for name, value in about.get("headers", {}).items():
        headers[name[len("llm_provider-") :] if name.startswith("llm_provider-") else name] = value
    error = _body(failure) or {k: failure.get(k) for k in ("message", "type", "param", "code")}
    return raisable(cls)(
        message=failure.get("message", ""),
        model=failure.get("model") or asked,
        llm_provider=failure.get("provider") or "",
        status_code=failure.get("status"),
        code=failure.get("code"),
        param=failure.get("param"),
        type=failure.get("type"),
        body=error,
        retry_after=failure.get("retry_after"),
        request_id=headers.get("request-id") or about.get("call_id"),
        num_retries=about.get("retries"),
        headers=headers,
        upstream_body=failure.get("upstream_body"),
    )
