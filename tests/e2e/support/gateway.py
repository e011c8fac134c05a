"""The gateway under test: started with a generated configuration, stopped by its process id."""

import hashlib
import json
import os
import signal
from pathlib import Path

import httpx

from . import canary, paths
from .process import Process, run

READY = r"listening on (http://127\.0\.0\.1:(\d+))"
LOADED_AGAIN = r"configuration loaded again"
NOT_LOADED_AGAIN = r"configuration was not loaded again"


def environment(extra=None) -> dict:
    """A small environment, so that no key or proxy of the machine's own gets into a test."""
    env = {
        name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ
    }
    env.update({name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")})
    env["PATCHBAY_STATE_DIR"] = str(paths.OUT / "state")
    env.update(extra or {})
    return env


class Gateway(Process):
    """A running patchbay. `config` is YAML text or a dictionary (JSON is YAML); None = no --config."""

    def __init__(
        self,
        folder: Path,
        config,
        env=None,
        workers: int = 1,
        port: int = 0,
        flags=(),
        binary: Path = paths.BINARY,
        cwd=None,
    ):
        self.file = None
        command = [binary, "--host", "127.0.0.1", "--port", port, "--num_workers", workers, *flags]
        if config is not None:
            self.file = Path(folder) / "config.yaml"
            self.write(config)
            command += ["--config", self.file]
        super().__init__(command, environment(env), cwd or folder)
        try:
            ready = self.wait_for(READY, paths.deadline(20))
        except AssertionError:
            self.child.kill()
            self.wait(10)
            self._keep()
            raise
        self.url = ready.group(1)
        self.port = int(ready.group(2))

    def write(self, config):
        self.file.write_text(config if isinstance(config, str) else json.dumps(config, indent=2))

    def reload(self, config):
        """Writes a configuration and asks for it; returns the mark from which the outcome is logged."""
        self.write(config)
        at = self.mark()
        self.signal(signal.SIGHUP)
        return at

    def make_key(self, **fields) -> dict:
        """What /key/generate answers the administrator."""
        answer = httpx.post(
            self.url + "/key/generate",
            json=fields,
            headers={"Authorization": f"Bearer {canary.MASTER}"},
            timeout=30,
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def stop(self, seconds: float = 30) -> int:
        try:
            return super().stop(paths.deadline(seconds))
        finally:
            self._keep()

    def _keep(self):
        title = f"patchbay[{self.pid}]"
        canary.captured[:] = [entry for entry in canary.captured if entry[0] != title]
        canary.captured.append((title, self.output))


def command(*arguments, env=None, cwd=None, binary: Path = paths.BINARY) -> tuple[int, str]:
    """Runs patchbay to its end (check, plugins, --version): status and output."""
    status, output = run([binary, *arguments], environment(env), cwd, paths.deadline(20))
    canary.captured.append((f"patchbay {' '.join(map(str, arguments))}", output))
    return status, output


def deployment(
    name: str, model: str, api_base: str, api_key: str = "os.environ/OPENAI_API_KEY", **params
) -> dict:
    """A model_list entry."""
    return {
        "model_name": name,
        "litellm_params": {"model": model, "api_base": api_base, "api_key": api_key, **params},
    }


def guardrail(name, mode, guardrail="litellm_content_filter", **params) -> dict:
    """An entry of `guardrails`."""
    return {
        "guardrail_name": name,
        "litellm_params": {"guardrail": guardrail, "mode": mode, **params},
    }


def config(*deployments, master_key=canary.MASTER, num_retries: int = 0, **sections) -> dict:
    made = {"model_list": list(deployments), "router_settings": {"num_retries": num_retries}}
    if master_key:
        made["general_settings"] = {"master_key": master_key}
    for section, values in sections.items():
        made.setdefault(section, {}).update(values)
    return made


def sha256(file: Path) -> str:
    return hashlib.sha256(Path(file).read_bytes()).hexdigest()
