"""LiteLLM's modules that are no files here: programs import names from where LiteLLM keeps them
(`from litellm.types.llms.openai import ChatCompletionToolParam`), and each of these modules has all names of the package.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any, Callable

PATHS = frozenset(
    {
        "batches", "batches.main", "caching.redis_cache",
        "constants", "files", "files.main", "fine_tuning", "fine_tuning.main", "images", "images.main", "litellm_core_utils",
        "litellm_core_utils.core_helpers", "litellm_core_utils.get_model_cost_map", "litellm_core_utils.json_validation_rule", "litellm_core_utils.exception_mapping_utils",
        "litellm_core_utils.get_llm_provider_logic", "litellm_core_utils.get_supported_openai_params",
        "litellm_core_utils.litellm_logging", "litellm_core_utils.streaming_handler", "litellm_core_utils.token_counter",
        "google_genai", "llms", "llms.custom_httpx", "llms.custom_httpx.http_handler", "llms.custom_llm", "rerank_api", "rerank_api.main", "responses", "responses.main", "secret_managers", "secret_managers.main",
        "types.caching", "types.completion", "types.embedding", "types.llms", "types.llms.anthropic", "types.llms.openai", "types.llms.vertex_ai",
        "types.rerank",
    }
)
_PACKAGE = __package__


def of_package(name: str) -> Any:
    """What the package has of a name, for modules that have all of it. Raises AttributeError."""
    if name.startswith("__"):
        raise AttributeError(name)
    return getattr(sys.modules[_PACKAGE], name)


def of_folder(folder: str) -> Callable[[str], Any]:
    """`__getattr__` of a folder of modules: LiteLLM's are there without being imported (`litellm.types.utils.Usage`), and
    the folder has the names of the package, too."""

    def find(name: str) -> Any:
        if not name.startswith("__"):
            try:
                return importlib.import_module(f"{folder}.{name}")
            except ModuleNotFoundError as missing:
                if missing.name != f"{folder}.{name}":
                    raise
        return of_package(name)

    return find


class _Finder:
    """The last that is asked for a module, and only knows these."""

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Any:
        package, _, rest = fullname.partition(".")
        if package != _PACKAGE or rest not in PATHS:
            return None
        kind: Any = type(sys.modules[_PACKAGE].__spec__)
        return kind(fullname, self, is_package=any(one.startswith(rest + ".") for one in PATHS))

    def create_module(self, spec: Any) -> None:
        return None

    def exec_module(self, module: Any) -> None:
        module.__getattr__ = of_folder(module.__name__) if hasattr(module, "__path__") else of_package


sys.meta_path.append(_Finder())  # type: ignore[arg-type]


class _AsLitellm:
    """Finds the package, and what is in it, by LiteLLM's name: the modules themselves, not others of the same files."""

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Any:
        package, dot, rest = fullname.partition(".")
        if package != "litellm":
            return None
        try:
            found = importlib.import_module(_PACKAGE + dot + rest)
        except ModuleNotFoundError as missing:
            if missing.name != _PACKAGE + dot + rest:
                raise
            return None
        return type(found.__spec__)(fullname, self, is_package=hasattr(found, "__path__"))

    def create_module(self, spec: Any) -> Any:
        found = sys.modules[_PACKAGE + spec.name.removeprefix("litellm")]
        spec.loader_state = found.__spec__
        return found

    def exec_module(self, module: Any) -> None:
        module.__spec__ = module.__spec__.loader_state


def as_litellm() -> None:
    """From now on `import litellm` is this package, for libraries that import LiteLLM themselves."""
    if "litellm" in sys.modules:
        if sys.modules["litellm"] is not sys.modules[_PACKAGE]:
            raise RuntimeError("as_litellm(): LiteLLM is imported already; call this before what imports it")
        return
    sys.meta_path.insert(0, _AsLitellm())  # type: ignore[arg-type]
    importlib.import_module("litellm")
