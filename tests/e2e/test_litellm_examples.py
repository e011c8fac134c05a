"""The example configurations in LiteLLM's own package, checked with an empty environment.

They are what people start from: each loads, says in warnings what is not done and what is left out, and
`check` is content. The exceptions stand in REFUSED, with the reason.
"""

import pytest

from support import paths
from support.gateway import command

PACKAGE = paths.OUT / "litellm/litellm/proxy"
PATTERNS = [
    "example_config_yaml/*.yaml",
    "*_config.yaml",
    "guardrails/guardrail_hooks/*/example_config.yaml",
]
FILES = sorted(file for pattern in PATTERNS for file in PACKAGE.glob(pattern))

#: Without its key the gateway would be open.
KEY = "`LITELLM_MASTER_KEY` is not set"
#: Without its key or its code a guardrail would let everything through.
GUARDRAIL_KEY = "_KEY` is not set"
OWN_PYTHON = "is a class in Python, which does not run here"

#: file -> words of the error that keeps it from being used.
REFUSED = {
    "example_config_yaml/adaptive_router_example.yaml": KEY,
    "example_config_yaml/oai_misc_config.yaml": KEY,
    "example_config_yaml/pass_through_config.yaml": KEY,
    "example_config_yaml/reject_clientside_metadata_tags_config.yaml": KEY,
    "example_config_yaml/tool_permission_example.yaml": KEY,
    "dev_config.yaml": KEY,
    "proxy_config.yaml": KEY,
    "wildcard_config.yaml": KEY,
    "example_config_yaml/otel_test_config.yaml": OWN_PYTHON,
    "example_config_yaml/test_pipeline_config.yaml": OWN_PYTHON,
    "guardrails/guardrail_hooks/generic_guardrail_api/example_config.yaml": GUARDRAIL_KEY,
    "guardrails/guardrail_hooks/ibm_guardrails/example_config.yaml": "AUTH_TOKEN` is not set",
    "guardrails/guardrail_hooks/llm_shield_proxy/example_config.yaml": GUARDRAIL_KEY,
    # LiteLLM cannot start with it either.
    "example_config_yaml/langfuse_config.yaml": "has no `litellm_params`",
}


def name(file):
    return str(file.relative_to(PACKAGE))


def test_the_examples_are_there():
    assert len(FILES) >= 25, f"{PACKAGE}: run tests/e2e/setup.sh"
    assert set(REFUSED) <= {name(file) for file in FILES}


@pytest.mark.parametrize("file", FILES, ids=name)
def test_an_example_loads(file):
    status, output = command("check", file)
    errors = [line for line in output.splitlines() if ": error: " in line]
    if name(file) in REFUSED:
        assert status != 0
        assert any(REFUSED[name(file)] in line for line in errors), output
    else:
        assert status == 0 and not errors, output
        assert ": good: " in output
