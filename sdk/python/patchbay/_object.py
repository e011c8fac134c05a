"""Answers as objects: attributes, items and `model_dump()`, over what the engine's JSON says.

Every member of a JSON object is an attribute of the same name, whatever the provider sends. A class says
only what its members are made into and which are there when the provider leaves them out. What an answer
does not have is an AttributeError, and a KeyError for an item; `get()` takes a default.
"""

from __future__ import annotations

import copy
import json
import sys
from typing import TYPE_CHECKING, Any, Dict, Iterator, List, Optional


class OpenAIObject:
    """A JSON object. `hidden_params` of answers are in `_hidden_params` and never dumped."""

    #: member -> class of its value, or of the elements of its list
    _CLASSES: Dict[str, Any] = {}
    #: member -> value where there is none
    _DEFAULTS: Dict[str, Any] = {}

    def __init__(self, /, *values: Any, **members: Any) -> None:
        if values:
            members.update(self._by_place(values, members))
        self._fill(members)

    @classmethod
    def _of(cls, document: Dict[str, Any]) -> Any:
        """cls(**document), which is not used any more, in less time."""
        made = cls.__new__(cls)
        made._fill(document)
        return made

    def _fill(self, members: Dict[str, Any]) -> None:
        """Takes the members in; what a class has to say of them besides is here."""
        own = self.__dict__
        own.update(self._DEFAULTS)
        own.update(members)
        for name, kind in self._CLASSES.items():
            value = members.get(name)
            if type(value) is dict:
                own[name] = kind._of(value)
            elif type(value) is list:
                own[name] = [kind._of(one) if type(one) is dict else one for one in value]

    @classmethod
    def _by_place(cls, values: Any, members: Dict[str, Any]) -> Dict[str, Any]:
        if len(values) > len(cls._DEFAULTS):
            raise TypeError(f"{cls.__name__}() takes {len(cls._DEFAULTS)} arguments by place, {len(values)} were given")
        named = dict(zip(cls._DEFAULTS, values))
        for name in named:
            if name in members:
                raise TypeError(f"{cls.__name__}() got two values for '{name}'")
        return named

    if TYPE_CHECKING:  # what else a provider sends

        def __getattr__(self, name: str) -> Any: ...

    # Items, as of a dictionary.

    def __getitem__(self, name: str) -> Any:
        try:
            return self.__dict__[name]
        except KeyError:
            raise KeyError(name) from None

    def __setitem__(self, name: str, value: Any) -> None:
        self.__dict__[name] = value

    def __delitem__(self, name: str) -> None:
        del self.__dict__[name]

    def __contains__(self, name: object) -> bool:
        return name in self.__dict__ and not str(name).startswith("_")

    def __iter__(self) -> Iterator[Any]:
        """Pairs of name and value, so that dict(answer) works."""
        return iter([(k, v) for k, v in self.__dict__.items() if not k.startswith("_")])

    def get(self, name: str, default: Any = None) -> Any:
        return self.__dict__.get(name, default)

    def keys(self) -> List[str]:
        return [k for k in self.__dict__ if not k.startswith("_")]

    def items(self) -> List[Any]:
        return list(iter(self))

    def values(self) -> List[Any]:
        return [value for _, value in self]

    def pop(self, name: str, *default: Any) -> Any:
        return self.__dict__.pop(name, *default)

    # As of a pydantic model.

    def model_dump(
        self, *, include: Any = None, exclude: Any = None, exclude_none: bool = False, **_: Any
    ) -> Dict[str, Any]:
        """The object and all in it as plain dictionaries and lists.

        `include` and `exclude` are names, or {"name": what of its value}, as pydantic has them.
        """
        dumped = {
            name: _plain(value, exclude_none)
            for name, value in self.__dict__.items()
            if not name.startswith("_") and not (exclude_none and value is None)
        }
        return dumped if include is None and exclude is None else _chosen(dumped, include, exclude)

    def model_dump_json(self, *, indent: Optional[int] = None, **kwargs: Any) -> str:
        return json.dumps(self.model_dump(**kwargs), ensure_ascii=False, indent=indent)

    def dict(self, **kwargs: Any) -> Dict[str, Any]:
        return self.model_dump(**kwargs)

    to_dict = dict

    def json(self, **kwargs: Any) -> str:
        return self.model_dump_json(**kwargs)

    to_json = json

    def model_copy(self, *, update: Optional[Dict[str, Any]] = None, deep: bool = False) -> Any:
        """Another of the same; `update` are members that are different."""
        made = (copy.deepcopy if deep else copy.copy)(self)
        made.__dict__.update(update or {})
        return made

    copy = model_copy

    @property
    def model_fields_set(self) -> Any:
        return set(self.keys())

    @classmethod
    def model_validate(cls, value: Any, **_: Any) -> Any:
        """The object of a dictionary; one that is of the class already as it is."""
        if isinstance(value, cls):
            return value
        if isinstance(value, OpenAIObject):
            value = value.model_dump()
        if not isinstance(value, dict):
            raise TypeError(f"{cls.__name__}: expected a dictionary, not {type(value).__name__}")
        return cls(**value)

    parse_obj = model_validate

    @classmethod
    def model_validate_json(cls, text: Any, **_: Any) -> Any:
        return cls.model_validate(json.loads(text))

    @classmethod
    def model_construct(cls, _fields_set: Any = None, **members: Any) -> Any:
        return cls(**members)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        """Lets fields of pydantic's models be of this class; pydantic asks, so it is there."""
        from pydantic_core import core_schema

        def made(value: Any) -> Any:
            try:
                return cls.model_validate(value)
            except TypeError as wrong:
                raise ValueError(str(wrong)) from None

        return core_schema.no_info_plain_validator_function(made, serialization=_dumped()["serialization"])

    def __eq__(self, other: object) -> bool:
        if isinstance(other, OpenAIObject):
            return self.model_dump() == other.model_dump()
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        inside = ", ".join(f"{k}={v!r}" for k, v in self.__dict__.items() if not k.startswith("_"))
        return f"{type(self).__name__}({inside})"


def _dumped() -> Any:
    """A schema of pydantic's for writing these objects."""
    from pydantic_core import core_schema

    dump = core_schema.plain_serializer_function_ser_schema(lambda value: value.model_dump())
    return core_schema.any_schema(serialization=dump)


_joined = False


def join_pydantic() -> None:
    """Tells pydantic, once the program has imported it, how to write these objects where a field may hold anything."""
    global _joined
    if _joined or "pydantic.main" not in sys.modules:
        return
    _joined = True
    from pydantic_core import SchemaSerializer

    OpenAIObject.__pydantic_serializer__ = SchemaSerializer(_dumped())  # type: ignore[attr-defined]


def _plain(value: Any, exclude_none: bool) -> Any:
    if isinstance(value, OpenAIObject):
        return value.model_dump(exclude_none=exclude_none)
    if type(value) is list:
        return [_plain(one, exclude_none) for one in value]
    return value


def _chosen(dumped: Any, include: Any, exclude: Any) -> Any:
    """What of a dumped value is wanted; `include` None: all. In lists by index, "__all__" of each."""
    if isinstance(dumped, list):
        found = []
        for index, one in enumerate(dumped):
            wanted, unwanted = (_deeper(choice, index) for choice in (include, exclude))
            if (include is None or wanted is not _NOT) and unwanted is not True:
                found.append(_chosen(one, _all_or(wanted), _all_or(unwanted)))
        return found
    if not isinstance(dumped, dict):
        return dumped
    kept = {}
    for name, value in dumped.items():
        wanted, unwanted = (_deeper(choice, name) for choice in (include, exclude))
        if (include is None or wanted is not _NOT) and unwanted is not True:
            kept[name] = _chosen(value, _all_or(wanted), _all_or(unwanted))
    return kept


_NOT = object()


def _deeper(choice: Any, name: Any) -> Any:
    """What a choice says of a member: _NOT nothing, True all of it, else what of it."""
    if choice is None:
        return _NOT
    for one in (name, "__all__"):
        if one in choice:
            return True if not isinstance(choice, dict) or choice[one] in (True, ...) else choice[one]
    return _NOT


def _all_or(choice: Any) -> Any:
    return None if choice is _NOT or choice is True else choice
