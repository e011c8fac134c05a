"""LiteLLM's quick start configuration; only api_base is added, so that it asks a local upstream."""

from . import canary

CONFIG = """\
model_list:
  - model_name: gpt-4o
    litellm_params:
      model: openai/gpt-4o
      api_key: os.environ/OPENAI_API_KEY
      api_base: {openai}
  - model_name: claude
    litellm_params:
      model: anthropic/claude-sonnet-4-20250514
      api_key: os.environ/ANTHROPIC_API_KEY
      api_base: {anthropic}
  - model_name: deepseek
    litellm_params:
      model: deepseek/deepseek-chat
      api_key: os.environ/DEEPSEEK_API_KEY
      api_base: {openai}

general_settings:
  master_key: sk-1234
"""

MODELS = ("gpt-4o", "claude", "deepseek")
ENVIRONMENT = canary.PROVIDER_ENVIRONMENT
ANSWER = "The patchbay connects every jack to every plug, one cord at a time."
ASK = [{"role": "user", "content": "Tell me about plugs."}]
WEATHER = [{"role": "user", "content": "How is the weather in Paris?"}]
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "get_weather",
            "description": "The weather of a city",
            "parameters": {
                "type": "object",
                "properties": {"city": {"type": "string"}},
                "required": ["city"],
            },
        },
    }
]


def text(upstream_url: str) -> str:
    return CONFIG.format(openai=upstream_url + "/v1", anthropic=upstream_url)
