"""What a Router's list says: the part of Router that changes nothing and asks no model."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from . import _engine, _entries, exceptions, models
from .types.router import Deployment

#: Parts of names whose values print_deployment() does not show.
_SECRET = ("key", "token", "secret", "password", "credential")
#: What get_deployment_credentials() tells of `litellm_params`.
_CREDENTIALS = ("api_key", "api_base", "api_version", "vertex_project", "vertex_location", "vertex_credentials", "region_name",
                "aws_access_key_id", "aws_secret_access_key", "aws_region_name", "aws_session_token")


class Deployments:
    """The entries of `model_list` by name and id; the deployment that a call would go to."""

    model_list: List[Dict[str, Any]]
    settings: Dict[str, Any]
    engine: _engine.Engine
    _routes: Any

    def get_model_names(self) -> List[str]:
        """The names that can be called."""
        return [*self.engine.look_up("models", {}), *(self._routes.names() if self._routes else ())]

    @property
    def model_names(self) -> List[str]:
        return self.get_model_names()

    @property
    def deployment_names(self) -> List[str]:
        """The models of the entries, as their providers call them."""
        return [one["litellm_params"]["model"] for one in self.model_list]

    def is_recognized_model(self, model: str) -> bool:
        """Can it be called: is it a name, an alias or a deployment's id?"""
        return model in self.get_model_names() or model in self._aliases() or self.has_model_id(model)

    def _aliases(self) -> Dict[str, str]:
        given = self.settings.get("model_group_alias") or {}
        return {name: other.get("model") if isinstance(other, dict) else other for name, other in given.items()}

    # Entries.

    def get_all_deployments(self, model_name: str) -> List[Dict[str, Any]]:
        """The entries of a name."""
        return [one for one in self.model_list if one.get("model_name") == model_name]

    def get_model_list_from_model_alias(self, model_name: Optional[str] = None) -> List[Dict[str, Any]]:
        """The entries that an alias stands for, by its name; of all aliases without one."""
        found = self._aliases().items()
        return [
            {**entry, "model_name": alias}
            for alias, name in found
            if model_name in (None, alias)
            for entry in self.get_all_deployments(name)
        ]

    def get_model_list(self, model_name: Optional[str] = None) -> List[Dict[str, Any]]:
        """The entries of one name, which may be an alias; without one all, and those of aliases once more by their names."""
        own = self.model_list if model_name is None else self.get_all_deployments(model_name)
        return [*self.get_model_list_from_model_alias(model_name), *own]

    def get_model_ids(self, model_name: Optional[str] = None) -> List[str]:
        """The ids of the deployments, of one name or all."""
        return [one["model_info"]["id"] for one in self.model_list if model_name in (None, one.get("model_name"))]

    def generate_model_id(self, model_group: str, litellm_params: Dict[str, Any]) -> str:
        """The id that an entry has which says this and has none of its own."""
        return _entries.with_id({"model_name": model_group, "litellm_params": litellm_params})["model_info"]["id"]

    def get_deployment(self, model_id: str) -> Optional[Deployment]:
        """The entry with this id, a copy; None: there is none."""
        entry = self.get_model_info(model_id)
        return None if entry is None else Deployment(**entry)

    def get_model_info(self, id: str) -> Optional[Dict[str, Any]]:
        """The entry with this id as it is in the list; None: there is none."""
        return next((one for one in self.model_list if one["model_info"]["id"] == id), None)

    def has_model_id(self, candidate_id: str) -> bool:
        """Is there a deployment with this id?"""
        return self.get_model_info(candidate_id) is not None

    def get_model_group(self, id: str) -> Optional[List[Dict[str, Any]]]:
        """The entries that have the same name as the one with this id; None: there is none."""
        entry = self.get_model_info(id)
        return None if entry is None else self.get_all_deployments(entry["model_name"])

    def get_deployment_by_model_group_name(self, model_group_name: str) -> Optional[Deployment]:
        """The first entry of a name, a copy; None: there is none."""
        return next((Deployment(**one) for one in self.get_model_list(model_group_name)), None)

    def resolve_model_name_from_model_id(self, model_id: Optional[str]) -> Optional[str]:
        """The name under which a deployment is called, by its id, its model, or the name itself."""
        for entry in self.model_list:
            if model_id in (entry["model_name"], entry["model_info"]["id"], entry["litellm_params"].get("model")):
                return entry["model_name"]
        return None

    def get_model_access_groups(self, model_name: Optional[str] = None, **_: Any) -> Dict[str, List[str]]:
        """`access_groups` of the entries' model_info: group -> names of models."""
        groups: Dict[str, List[str]] = {}
        for entry in self.model_list:
            for group in entry["model_info"].get("access_groups") or [] if model_name in (None, entry["model_name"]) else []:
                names = groups.setdefault(group, [])
                if entry["model_name"] not in names:
                    names.append(entry["model_name"])
        return groups

    # What is known of their models.

    def get_model_group_info(self, model_group: str) -> Any:
        """What is known of the models of a name: the largest limits and prices, and what any of them can do."""
        from . import _model_groups

        entries = self.get_model_list(model_group)
        return _model_groups.info(model_group, entries) if entries else None

    def get_deployment_model_info(self, model_id: str, model_name: str) -> Optional[Dict[str, Any]]:
        """What is known of a deployment's model: get_model_info() of the package, and what its entry says before that."""
        entry = self.get_model_info(model_id)
        if entry is None:
            return None
        own = {name: value for name, value in entry["model_info"].items() if value is not None}
        try:
            known = models.get_model_info(own.get("base_model") or model_name)
        except exceptions.ModelNotMappedError:
            known = {}
        return {**known, **own}

    def get_router_model_info(self, deployment: Any, received_model_name: str, id: Optional[str] = None) -> Dict[str, Any]:
        """The same of an entry. Raises ModelNotMappedError for a model that nobody knows."""
        entry = _entries.entry_of(deployment)
        params, own = entry.get("litellm_params") or {}, entry.get("model_info") or {}
        model = own.get("base_model") or params.get("base_model") or params.get("model") or received_model_name
        known = models.get_model_info(model, params.get("custom_llm_provider"))
        return {**known, **{name: value for name, value in own.items() if value is not None}}

    def get_deployment_credentials(self, model_id: str) -> Optional[Dict[str, Any]]:
        """Keys and addresses of a deployment, as its entry says them; None: there is none of this id."""
        entry = self.get_model_info(model_id)
        if entry is None:
            return None
        return {name: value for name, value in entry["litellm_params"].items() if name in _CREDENTIALS and value is not None}

    def get_deployment_credentials_with_provider(self, model_id: str) -> Optional[Dict[str, Any]]:
        """The same with its model and provider; `model_id` may be a name."""
        found = self.get_model_info(model_id) or next(iter(self.get_all_deployments(model_id)), None)
        if found is None:
            return None
        params = found["litellm_params"]
        provider = models.get_llm_provider(params["model"], params.get("custom_llm_provider"))[1]
        credentials = self.get_deployment_credentials(found["model_info"]["id"]) or {}
        return {**credentials, "model": params["model"], "custom_llm_provider": provider}

    def print_deployment(self, deployment: Dict[str, Any]) -> Dict[str, Any]:
        """A copy of an entry that may be shown: of its keys the first two letters."""
        params = {
            name: f"{str(value)[:2]}**********" if value and any(word in name.lower() for word in _SECRET) else value
            for name, value in deployment["litellm_params"].items()
        }
        return {**deployment, "litellm_params": params}

    # Where a call goes.

    def get_available_deployment(
        self,
        model: str,
        messages: Optional[List[Any]] = None,
        input: Any = None,
        specific_deployment: Optional[bool] = False,
        request_kwargs: Optional[Dict[str, Any]] = None,
    ) -> Dict[str, Any]:
        """The entry that a call of this name, or of this deployment's id, would go to now: by the strategy, without those that
        rest after failures. With limits of the minute (`rpm`) it counts as a request. Raises BadRequestError for a name that
        nobody has, RouterRateLimitError where nobody is free."""
        if self._routes is not None:
            own = self._routes.deployment(model)
            if own is not None:
                return own
        operation = "embeddings" if input is not None and messages is None else "chat.completions"
        found = self.engine.look_up("deployment", {"model": model, "operation": operation})
        if "id" in found:
            return self.get_model_info(found["id"]) or {"model_name": model, "model_info": {"id": found["id"]}}
        if found["status"] == 429:
            raise exceptions.RouterRateLimitError(found["message"])
        raise exceptions.raisable(exceptions.of_status(found["status"]))(found["message"], model=model, llm_provider="")

    async def async_get_available_deployment(
        self, model: str, request_kwargs: Optional[Dict[str, Any]] = None, messages: Optional[List[Any]] = None, **kwargs: Any
    ) -> Dict[str, Any]:
        """get_available_deployment() for asyncio; it does not wait."""
        return self.get_available_deployment(model, messages, **kwargs)
