"""LiteLLM's own client of the management API, without the rest of its package (which wants its own dependencies).

    litellm_client.py PACKAGE URL KEY     prints what it did as JSON
"""

import importlib
import json
import sys
import types
from pathlib import Path


def client_modules(package: Path):
    """litellm.proxy.client, with the packages around it as mere folders."""
    for name in ("litellm", "litellm.litellm_core_utils", "litellm.proxy", "litellm.proxy.client"):
        module = types.ModuleType(name)
        module.__path__ = [str(package.parent / name.replace(".", "/"))]
        sys.modules[name] = module
    redaction = types.ModuleType("litellm.litellm_core_utils.secret_redaction")
    redaction.redact_string = lambda text: text  # of errors that it prints
    sys.modules[redaction.__name__] = redaction
    return [
        importlib.import_module(f"litellm.proxy.client.{name}")
        for name in ("keys", "teams", "users", "exceptions")
    ]


def main(package: str, url: str, key: str) -> dict:
    keys, teams, users, exceptions = client_modules(Path(package))
    manage = keys.KeysManagementClient(url, key)
    people = users.UsersManagementClient(url, key)
    done = {}
    done["user"] = people.create_user({"user_id": "ada", "user_role": "internal_user"})
    made = manage.generate(models=["gpt-4o"], duration="1h", key_alias="one", user_id="ada")
    done["info"] = manage.info(made["key"])
    done["update"] = manage.update(made["key"], models=["gpt-4o", "gpt-4o-mini"])
    done["list"] = manage.list(user_id="ada", return_full_object=True, size=10)
    done["teams"] = teams.TeamsManagementClient(url, key).list()
    done["users"] = people.list_users({"page": 1})
    done["delete"] = manage.delete(key_aliases=["one"])
    try:
        manage_again = keys.KeysManagementClient(url, made["key"])
        manage_again.list()
        done["after"] = "served"
    except exceptions.UnauthorizedError:
        done["after"] = "UnauthorizedError"
    return done


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:4])))
