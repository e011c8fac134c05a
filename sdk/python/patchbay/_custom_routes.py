"""A Router's deployments of providers in Python.

The engine routes among its own deployments and knows nothing of these. So a name of the list is the engine's or
Python's as a whole, and fallbacks go from the one to the other: where a list of them names a name of Python's, the
engine is told of those in front of it, and here the call goes on from there. What routing has and Python's names do not
(limits, cooldowns, other strategies) is refused by name.
"""

from __future__ import annotations

import random
from typing import Any, Dict, Iterator, List, Optional

from . import _custom, _custom_map, _requests, exceptions, models

#: What a deployment's `litellm_params` may not say, as nobody would heed it.
_REFUSED = ("rpm", "tpm", "max_parallel_requests", "order", "tags", "max_budget", "budget_duration")
#: settings that are lists of fallbacks by name -> the failures that they are for
_LISTS = {
    "context_window_fallbacks": exceptions.ContextWindowExceededError,
    "content_policy_fallbacks": exceptions.ContentPolicyViolationError,
    "fallbacks": exceptions.PatchbayError,
}


def _found(entry: Dict[str, Any]) -> Optional[_custom_map.Found]:
    params = entry.get("litellm_params") or {}
    return _custom_map.find(params.get("model"), params.get("custom_llm_provider"))


def of(model_list: List[Dict[str, Any]], settings: Dict[str, Any]) -> "Optional[Routes]":
    """Of a Router's arguments; None: all its deployments are the engine's. Raises ValueError for what cannot be served."""
    return Routes(model_list, settings) if any(map(_found, model_list)) else None


class Routes:
    """Which names are Python's, and where a call goes. Changes nothing after it is made; any thread."""

    def __init__(self, model_list: List[Dict[str, Any]], settings: Dict[str, Any]) -> None:
        self._settings = settings
        self._groups: Dict[str, List[Dict[str, Any]]] = {}
        for entry in model_list:
            if _found(entry):
                self._groups.setdefault(entry["model_name"], []).append(entry)
        #: What the engine is opened with.
        self.model_list = [entry for entry in model_list if not _found(entry)]
        self._check()
        self.settings = {**settings, **self._of_the_engine()}

    def _check(self) -> None:
        both = sorted(self._groups.keys() & {entry.get("model_name") for entry in self.model_list})
        if both:
            raise ValueError(
                f"model_list: {both[0]!r} has deployments of a provider in Python beside others: give them a name of their own, "
                "and make it a fallback"
            )
        strategy = str(getattr(value := self._settings.get("routing_strategy"), "value", value) or "simple-shuffle")
        for name, entries in self._groups.items():
            if "*" in name:
                raise ValueError(f"model_list: {name!r}: a provider in Python has no wildcards")
            for entry in entries:
                said = [one for one in _REFUSED if entry["litellm_params"].get(one) is not None]
                if said:
                    raise ValueError(f"model_list: {name!r}: {said[0]}: a provider in Python has no such limit in a Router")
            if len(entries) > 1 and strategy != "simple-shuffle":
                raise ValueError(f"model_list: {name!r}: deployments of a provider in Python are chosen by simple-shuffle alone")

    def names(self) -> List[str]:
        return list(self._groups)

    def deployment(self, model: str) -> Optional[Dict[str, Any]]:
        """One of a name's, by their weights; None: the name is the engine's."""
        entries = self._groups.get(self._name(model))
        return None if entries is None else _chosen(entries)

    def _name(self, model: Any) -> Any:
        """The name that is meant: of an alias, or of a deployment's id."""
        other = (self._settings.get("model_group_alias") or {}).get(model)
        meant = other.get("model") if isinstance(other, dict) else other
        if meant in self._groups:
            return meant
        for name, entries in self._groups.items():
            if model in (entry["model_info"]["id"] for entry in entries):
                return name
        return model

    # Fallbacks.

    def _of_the_engine(self) -> Dict[str, Any]:
        """Settings of which the engine knows every name."""
        made: Dict[str, Any] = {}
        for setting in _LISTS:
            rows = [
                {name: self._front(others) for name, others in row.items() if name not in self._groups}
                for row in self._settings.get(setting) or []
            ]
            made[setting] = [row for row in rows if any(row.values())] or None
        made["default_fallbacks"] = self._front(self._settings.get("default_fallbacks") or []) or None
        aliases = self._settings.get("model_group_alias") or {}
        made["model_group_alias"] = {one: name for one, name in aliases.items() if self._name(one) not in self._groups} or None
        return made

    def _front(self, names: List[Any]) -> List[Any]:
        """Those before the first of Python's."""
        return names[: next((at for at, name in enumerate(names) if self._name(name) in self._groups), len(names))]

    def _others(self, name: str, error: Exception, own: Any) -> List[Any]:
        """Where a call of `name` goes after this failure; of a name of the engine's those that the engine has not tried."""
        found: Any = own if isinstance(own, (list, tuple)) and own else None
        if found is None or isinstance(found[0], dict):
            rows = {"fallbacks": found} if found else self._settings
            found = self._listed(name, error, rows)
        found = list(found or ())
        return found if name in self._groups else found[len(self._front(found)) :]

    def _listed(self, name: str, error: Exception, rows: Dict[str, Any]) -> Any:
        for setting, kind in _LISTS.items():
            for row in rows.get(setting) or [] if isinstance(error, kind) else []:
                for key in (name, "*"):
                    if key in row:
                        return row[key]
        return rows.get("default_fallbacks")

    # A call.

    def tries(self, request: Dict[str, Any]) -> Iterator[Any]:
        """Who is asked, and with what, for _custom.drive(); None is the engine."""
        name, own = self._name(request.get("model")), request.get("fallbacks")
        try:
            yield from self._group(name, request, 0)
            return
        except exceptions.PatchbayError as error:
            failure = error
        for place, other in enumerate(self._others(name, failure, own), 1):
            try:
                yield from self._group(self._name(other), _requests.changed(request, model=other), place)
                return
            except exceptions.PatchbayError as error:
                failure = error
        raise failure

    def _group(self, name: str, request: Dict[str, Any], place: int) -> Iterator[Any]:
        entries = self._groups.get(name)
        if entries is None:
            own = request.get("fallbacks")
            mine = None if place else self._front(list(own)) if isinstance(own, (list, tuple)) else own
            yield None, _requests.changed(request, fallbacks=mine)
            return
        if len(entries) == 1:
            yield self._asked(entries[0], request, place, retries=self._retries(request))
            return
        left = list(entries)
        for last in [False] * self._retries(request) + [True]:
            entry = _chosen(left)
            left = [one for one in left if one is not entry] or list(entries)
            try:
                yield self._asked(entry, request, place, retries=0)
                return
            except exceptions.PatchbayError as error:
                if last or not _custom.passes(error):
                    raise

    def _retries(self, request: Dict[str, Any]) -> int:
        said = request.get("num_retries", self._settings.get("num_retries"))
        return 2 if said is None else int(said)

    def _asked(self, entry: Dict[str, Any], request: Dict[str, Any], place: int, retries: int) -> Any:
        """The provider, and its request: what the entry says, where the call says nothing else."""
        prices = {name: value for name, value in entry["model_info"].items() if models.is_price(name)}
        params = {name: value for name, value in entry["litellm_params"].items() if name != "weight"}
        members = {**prices, **params, **request, "model": params["model"], "num_retries": retries, "fallbacks": None}
        provider = _custom.Provider(_found(entry), place, entry)  # type: ignore[arg-type]
        return provider, _requests.changed(request, **members)


def _chosen(entries: List[Dict[str, Any]]) -> Dict[str, Any]:
    weights = [float(entry["litellm_params"].get("weight", 1)) for entry in entries]
    return random.choices(entries, weights if any(weights) else None)[0]
