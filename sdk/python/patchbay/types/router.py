"""LiteLLM's module of this name: a Router's deployments and policies as objects. Where a Router takes a dictionary it
takes one of these."""

from __future__ import annotations

import enum
import uuid
from typing import Any, Dict

from .._object import OpenAIObject
from .._paths import of_package as __getattr__  # noqa: F401

_FAILURES = ("BadRequestError", "AuthenticationError", "TimeoutError", "RateLimitError", "ContentPolicyViolationError",
             "InternalServerError", "ServiceUnavailableError", "NotFoundError")


class RoutingStrategy(str, enum.Enum):
    LEAST_BUSY = "least-busy"
    LATENCY_BASED = "latency-based-routing"
    COST_BASED = "cost-based-routing"
    USAGE_BASED_ROUTING_V2 = "usage-based-routing-v2"
    USAGE_BASED_ROUTING = "usage-based-routing"


class RetryPolicy(OpenAIObject):
    """How often a call is made again after a failure of a class: `RetryPolicy(RateLimitErrorRetries=3)`."""

    _DEFAULTS = dict.fromkeys(f"{name}Retries" for name in (*_FAILURES, "Default"))


class AllowedFailsPolicy(OpenAIObject):
    """How many failures of a class a deployment may have in a minute: `AllowedFailsPolicy(RateLimitErrorAllowedFails=100)`."""

    _DEFAULTS = dict.fromkeys(f"{name}AllowedFails" for name in (*_FAILURES, "BadGatewayError"))


class ModelInfo(OpenAIObject):
    """`model_info` of an entry; it has an id."""

    _DEFAULTS = {"id": None}

    def _fill(self, members: Dict[str, Any]) -> None:
        super()._fill(members)
        if self.__dict__["id"] is None:
            self.__dict__["id"] = str(uuid.uuid4())


class LiteLLM_Params(OpenAIObject):
    """`litellm_params` of an entry."""

    _DEFAULTS = {"model": None}


class GenericLiteLLMParams(OpenAIObject):
    """Parameters of a call or an entry, as an object."""


class RouterErrors(enum.Enum):
    """What messages of failures say."""

    user_defined_ratelimit_error = "Deployment over user-defined ratelimit."
    no_deployments_available = "No deployments available for selected model"
    no_deployments_with_tag_routing = "Not allowed to access model due to tags configuration"


class Deployment(OpenAIObject):
    """An entry of `model_list`."""

    _CLASSES = {"litellm_params": LiteLLM_Params, "model_info": ModelInfo}
    _DEFAULTS = {"model_name": None, "litellm_params": None, "model_info": None}

    def _fill(self, members: Dict[str, Any]) -> None:
        super()._fill(members)
        if self.__dict__["model_info"] is None:
            self.__dict__["model_info"] = ModelInfo()
