"""The gateway, the nginx that is its floor, and the upstream of both."""

import http.client
import json
import os
import signal
import subprocess
import time

from . import processes

KEY = "sk-bench-3f9d0c6b2a7e41d8"
STREAMS = {"events": (256, 5000), "stalls": (64, 20000), "open": (12, 2000000)}  # count, microseconds


def stream_base(name):
    return "/events/%d/%d" % STREAMS[name]


def other_providers(upstream_port):
    """Deployments of providers that speak APIs of their own, each "bench-" and its name."""
    base = f"http://127.0.0.1:{upstream_port}"
    params = {
        "gemini": {"model": "gemini/bench-model", "api_base": base + "/v1beta", "api_key": "sk-upstream"},
        "bedrock": {"model": "bedrock/converse/bench-model", "aws_bedrock_runtime_endpoint": base,
                    "aws_region_name": "us-east-1", "aws_access_key_id": "AKIAIOSFODNN7EXAMPLE",
                    "aws_secret_access_key": "sk-upstream"},
        "cohere": {"model": "cohere/bench-model", "api_base": base, "api_key": "sk-upstream"},
    }
    return [{"model_name": "bench-" + name, "litellm_params": of} for name, of in params.items()]


NGINX_CONF = """
worker_processes 1;
error_log {directory}/error.log warn;
pid {directory}/nginx.pid;
worker_rlimit_nofile 20000;
events {{ worker_connections 20000; }}
http {{
    access_log off;
    client_body_temp_path {directory}/body;
    proxy_temp_path {directory}/proxy;
    proxy_max_temp_file_size 0;
    fastcgi_temp_path {directory}/fastcgi;
    uwsgi_temp_path {directory}/uwsgi;
    scgi_temp_path {directory}/scgi;
    keepalive_requests 1000000000;
    keepalive_timeout 600s;
    tcp_nodelay on;
    client_max_body_size 64m;
    client_body_buffer_size 256k;
    upstream provider {{
        server 127.0.0.1:{upstream};
        keepalive 6000;
        keepalive_requests 1000000000;
        keepalive_timeout 600s;
    }}
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        location / {{
            proxy_pass http://provider;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_buffering {buffering};
        }}
    }}
}}
"""


class Server:
    """A process of its own that listens on `port`."""

    name = ""
    process = None
    port = 0
    key = KEY  # what clients send; upstream and nginx do not look at it

    def cpu(self):
        return processes.cpu_seconds(self.process.pid)

    def memory_kb(self, field="VmRSS"):
        return processes.memory_kb(self.process.pid, field)

    def alive(self):
        return self.process.poll() is None

    def stop(self):
        if self.process:
            processes.stop(self.process)


class Upstream(Server):
    name = "direct"

    def __init__(self, binary, core):
        self.process = processes.start([binary], core, stdout=subprocess.PIPE)
        self.port = int(self.process.stdout.readline())


class Nginx(Server):
    """Two of them differ in proxy_buffering only: on for whole answers (nginx's default), off for streams."""

    def __init__(self, directory, core, upstream_port, buffering):
        self.name = "nginx" if buffering == "on" else "nginx, unbuffered"
        directory = directory / f"nginx-{buffering}"
        directory.mkdir(parents=True)
        self.port = processes.free_port()
        self.conf = directory / "nginx.conf"
        self.conf.write_text(NGINX_CONF.format(
            directory=directory, port=self.port, upstream=upstream_port, buffering=buffering))
        self.process = processes.start(
            ["nginx", "-p", directory, "-e", directory / "error.log", "-c", self.conf, "-g", "daemon off;"],
            core, directory / "out.log")
        wait_for_port(self)


class Patchbay(Server):
    def __init__(self, name, binary, directory, core, upstream_port, plugins, models, books=False,
                 sections=None):
        self.name, self.binary, self.core, self.upstream_port = name, binary, core, upstream_port
        self.plugins, self.models, self.books, self.sections = plugins, list(models), books, sections or {}
        self.directory = directory
        directory.mkdir(parents=True, exist_ok=True)
        self.config = directory / "config.yaml"
        self.write_config()
        self.start()
        wait_for_port(self)

    def write_config(self, extra_models=0):
        base = f"http://127.0.0.1:{self.upstream_port}"

        # Books without a price would have nothing to add up.
        price = {"input_cost_per_token": 1.5e-7, "output_cost_per_token": 6e-7} if self.books else {}

        def deployment(name, model, address):
            return {"model_name": name, "litellm_params": {
                "model": model, "api_base": address, "api_key": "sk-upstream", **price}}

        models = [deployment("bench", "openai/bench-model", base + "/v1"),
                  deployment("bench-anthropic", "anthropic/bench-model", base)]
        for name in STREAMS:
            models += [deployment("bench-" + name, "openai/bench-model", base + stream_base(name) + "/v1"),
                       deployment(f"bench-{name}-anthropic", "anthropic/bench-model", base + stream_base(name))]
        models += self.models
        models += [deployment(f"extra-{i}", "openai/bench-model", base + "/v1") for i in range(extra_models)]
        # JSON is YAML.
        config = {"model_list": models, "general_settings": {"master_key": KEY}, **self.sections}
        if self.books:
            config["general_settings"]["database_url"] = f"sqlite:///{self.directory}/books.sqlite"
        if self.plugins:
            config["plugins"] = self.plugins
        self.config.write_text(json.dumps(config, indent=1))

    def start(self):
        self.port = processes.free_port()
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.directory),
                       "PATCHBAY_STATE_DIR": str(self.directory / "state")}
        self.process = processes.start(
            [self.binary, "--config", self.config, "--host", "127.0.0.1", "--port", self.port,
             "--num_workers", "1", "--drain_timeout", "2"],
            self.core, self.directory / "patchbay.log", env=environment)

    def reload(self):
        self.process.send_signal(signal.SIGHUP)

    def use_virtual_key(self):
        """Clients send one of a team from now on, both with a budget and limits that they will not reach."""
        limits = {"max_budget": 1e6, "budget_duration": "30d", "rpm_limit": 10**9, "tpm_limit": 10**9,
                  "max_parallel_requests": 10**6}
        self.manage("/team/new", {"team_id": "bench", **limits})
        self.key = self.manage("/key/generate", {"team_id": "bench", **limits})["key"]

    def manage(self, path, body):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("POST", path, json.dumps(body),
                               {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"})
            answer = connection.getresponse()
            text = answer.read()
            if answer.status != 200:
                raise SystemExit(f"bench: {path} answered {answer.status}: {text[:400]}")
            return json.loads(text)
        finally:
            connection.close()


def routed_models(upstream_port):
    """A group of three, each with limits that it will not reach."""
    address = f"http://127.0.0.1:{upstream_port}/v1"
    return [{"model_name": "bench-routed", "litellm_params": {
        "model": "openai/bench-model", "api_base": address, "api_key": f"sk-upstream-{i}", "rpm": 10**8,
        "tpm": 10**9, "max_parallel_requests": 10**6}} for i in range(3)]


ROUTED_SECTIONS = {
    "router_settings": {"routing_strategy": "usage-based-routing-v2", "num_retries": 2, "allowed_fails": 3,
                        "cooldown_time": 5, "fallbacks": [{"bench-routed": ["bench"]}]},
    "litellm_settings": {"cache": True},
}


def wait_for_port(server, seconds=10):
    end = time.monotonic() + seconds
    while time.monotonic() < end and server.alive():
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
        try:
            connection.request("GET", "/")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.01)
        finally:
            connection.close()
    raise SystemExit(f"bench: {server.name} does not answer on port {server.port}")


def ask(port, body):
    """One request on a connection of its own: its status, or None if nobody listens."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("POST", "/v1/chat/completions", body,
                           {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except OSError:
        return None
    finally:
        connection.close()
