"""One run: where things are, how long windows are, and the servers that several rows share."""

import functools
import pathlib
import shutil
import time

from . import bodies, processes, servers


class Bench:
    def __init__(self, build, quick):
        self.build = pathlib.Path(build).resolve()
        self.quick = quick
        self.warm_up = 1 if quick else 5
        self.seconds = 2 if quick else 8
        self.pairs = 3 if quick else 5
        self.subject_core, self.load_core = processes.cores()
        self.load_binary = self.build / "bin" / "patchbay_bench_load"
        self.patchbay_binary = self.build / "bin" / "patchbay"
        self.home = self.build.parent / "bench"
        self.directory = self.home / time.strftime("%Y%m%d-%H%M%S")
        self.directory.mkdir(parents=True)
        self.notes = []
        self.started = []

    def note(self, text):
        self.notes.append(text)

    def keep(self, server):
        self.started.append(server)
        return server

    @functools.cached_property
    def upstream(self):
        return self.keep(servers.Upstream(self.build / "bin" / "patchbay_bench_upstream", self.load_core))

    @functools.cached_property
    def nginx(self):
        return self.keep(servers.Nginx(self.directory, self.subject_core, self.upstream.port, "on"))

    @functools.cached_property
    def nginx_unbuffered(self):
        return self.keep(servers.Nginx(self.directory, self.subject_core, self.upstream.port, "off"))

    @functools.cached_property
    def patchbay(self):
        return self.new_patchbay("patchbay")

    @functools.cached_property
    def patchbay_of_providers(self):
        """One whose plugins are not counted in the memory of the other."""
        return self.new_patchbay("patchbay-providers", models=servers.other_providers(self.upstream.port))

    @functools.cached_property
    def patchbay_with_books(self):
        """One that keeps books in SQLite; its clients have a virtual key of a team, with budgets and limits."""
        server = self.new_patchbay("patchbay-books", books=True)
        server.use_virtual_key()
        return server

    @functools.cached_property
    def patchbay_routed(self):
        """One that chooses among several deployments by their use, with limits, cooldowns and the response cache."""
        return self.new_patchbay("patchbay-routed", models=servers.routed_models(self.upstream.port),
                                 sections=servers.ROUTED_SECTIONS)

    def new_patchbay(self, name, plugins=None, models=(), books=False, sections=None):
        """`plugins` is that section of its configuration, `sections` are others; `models` are deployments beside those
        of the bench."""
        return self.keep(servers.Patchbay(name, self.patchbay_binary, self.directory / name, self.subject_core,
                                          self.upstream.port, plugins, models, books, sections))

    def body(self, model, kind):
        return bodies.write(self.directory, model, kind)

    def whole_target(self, kind, model="bench"):
        """For windows.Load: the gateway finds the provider by the model, the others by the path."""
        return lambda server: (bodies.path(kind), self.body(model, kind))

    def stream_target(self, name, kind="streamed", provider=""):
        """For windows.Load: the gateway finds the provider by the model; the others give the events of the client's
        API."""
        def target(server):
            body = self.body(f"bench-{name}{provider}", kind)
            path = bodies.path(kind)
            if isinstance(server, servers.Patchbay):
                return path, body
            return servers.stream_base(name) + path, body
        return target

    def close(self):
        for server in reversed(self.started):
            server.stop()

    def remove_scratch(self):
        """Configurations and logs are kept only when something went wrong."""
        shutil.rmtree(self.directory, ignore_errors=True)
