"""Budgets of users of a program, in dollars, kept in a file: LiteLLM's BudgetManager with `client_type="local"`."""

from __future__ import annotations

import json
import os
import tempfile
import threading
import time
from typing import Any, Dict, List, Optional

from . import cost_calculator

#: The file, in the folder that the program runs in, as LiteLLM has it.
FILE = "user_cost.json"
_DAY = 24 * 60 * 60
_DURATIONS = {"daily": _DAY, "weekly": 7 * _DAY, "monthly": 28 * _DAY, "yearly": 365 * _DAY}


class BudgetManager:
    """What users may spend and have spent. Any thread; one process at a time writes the file."""

    def __init__(
        self,
        project_name: str,
        client_type: str = "local",
        api_base: Optional[str] = None,
        headers: Optional[Dict[str, str]] = None,
    ) -> None:
        if client_type != "local":
            raise NotImplementedError('BudgetManager(client_type="hosted"): budgets are kept in a file alone')
        self.client_type = client_type
        self.project_name = project_name
        self._lock = threading.Lock()
        self.user_dict: Dict[str, Dict[str, Any]] = {}
        if os.path.isfile(FILE):
            with open(FILE, encoding="utf-8") as file:
                self.user_dict = json.load(file)

    def _of(self, user: str) -> Dict[str, Any]:
        if user not in self.user_dict:
            raise ValueError(f"there is no budget of the user {user!r}: create_budget() makes one")
        return self.user_dict[user]

    def create_budget(
        self, total_budget: float, user: str, duration: Optional[str] = None, created_at: Optional[float] = None
    ) -> Dict[str, Any]:
        """A user's budget, anew; `duration` ("daily", "weekly", "monthly", "yearly") is for reset_on_duration()."""
        if duration is not None and duration not in _DURATIONS:
            raise ValueError(f"duration needs to be one of {list(_DURATIONS)}")
        with self._lock:
            budget: Dict[str, Any] = {"total_budget": total_budget}
            if duration is not None:
                budget["duration"] = _DURATIONS[duration]
                budget["created_at"] = budget["last_updated_at"] = created_at if created_at is not None else time.time()
            self.user_dict[user] = budget
            return budget

    def projected_cost(self, model: str, messages: List[Any], user: str) -> float:
        """What the user will have spent after being asked so much, the answer not counted."""
        return self.get_current_cost(user) + cost_calculator.completion_cost(model=model, messages=messages)

    def get_total_budget(self, user: str) -> float:
        return self._of(user)["total_budget"]

    def get_current_cost(self, user: str) -> float:
        return self._of(user).get("current_cost", 0.0)

    def get_model_cost(self, user: str) -> Dict[str, float]:
        """What was spent, by model."""
        return self._of(user).get("model_cost", {})

    def is_valid_user(self, user: str) -> bool:
        return user in self.user_dict

    def get_users(self) -> List[str]:
        return list(self.user_dict)

    def update_cost(
        self,
        user: str,
        completion_obj: Any = None,
        model: Optional[str] = None,
        input_text: Optional[str] = None,
        output_text: Optional[str] = None,
    ) -> Dict[str, Any]:
        """Adds what an answer cost, or two texts of a model. {"user": its budget}."""
        if completion_obj is not None:
            cost = cost_calculator.completion_cost(completion_response=completion_obj)
            model = completion_obj.model
        elif model and input_text and output_text:
            cost = cost_calculator.completion_cost(model=model, prompt=input_text, completion=output_text)
        else:
            raise ValueError("update_cost(): an answer, or `model`, `input_text` and `output_text`")
        with self._lock:
            budget = self._of(user)
            budget["current_cost"] = budget.get("current_cost", 0.0) + cost
            by_model = budget.setdefault("model_cost", {})
            by_model[model] = by_model.get(model, 0.0) + cost
            return {"user": budget}

    def reset_cost(self, user: str) -> Dict[str, Any]:
        """The user has spent nothing."""
        with self._lock:
            budget = self._of(user)
            budget["current_cost"] = 0.0
            budget["model_cost"] = {}
            return {"user": budget}

    def reset_on_duration(self, user: str) -> None:
        """reset_cost() if the budget's duration is over since it last was."""
        budget = self._of(user)
        if "duration" not in budget:
            return
        now = time.time()
        if now - budget["last_updated_at"] >= budget["duration"]:
            self.reset_cost(user)
            budget["last_updated_at"] = now
            self.save_data()

    def update_budget_all_users(self) -> None:
        """reset_on_duration() of all."""
        for user in self.get_users():
            self.reset_on_duration(user)

    def save_data(self) -> Dict[str, Any]:
        """Writes the file, whole or not at all."""
        with self._lock:
            descriptor, name = tempfile.mkstemp(dir=".", prefix=FILE)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(self.user_dict, file, indent=4)
            os.replace(name, FILE)
        return {"status": "success"}
