#include "app/flags.hpp"

#include <array>

namespace patchbay::app {

namespace {

using Kind = Flag::Kind;

constexpr auto kFlags = std::to_array<Flag>({
    {"config", "c", "FILE", "CONFIG_FILE_PATH", "serve LiteLLM's config.yaml"},
    {"model", "m", "MODEL", "", "serve this model without a file, e.g. openai/gpt-4o"},
    {"alias", "", "NAME", "", "the name under which --model is listed"},
    {"api_base", "", "URL", "", "the provider's address for --model"},
    {"host", "", "ADDRESS", "HOST", "address to listen on (default 0.0.0.0)"},
    {"port", "", "PORT", "PORT", "port to listen on (default 4000; 0 takes a free one)", Kind::done,
     0, 65535},
    {"num_workers", "", "N", "NUM_WORKERS", "event loops (default: one per core)", Kind::done, 1,
     1024},
    {"drain_timeout", "", "SECONDS", "", "how long streams may go on after SIGTERM (default 120)",
     Kind::done, 0, 86400},
    {"request_timeout", "", "SECONDS", "",
     "time for a whole request, over litellm_settings.request_timeout", Kind::done, 1, 1'000'000},
    {"drop_params", "", "", "",
     "drop what a provider does not support, as litellm_settings.drop_params"},
    {"no_access_log", "", "", "", "do not log a line for each request"},
    {"strict", "", "", "",
     "what would be left out with a warning (a model, a log sink) is an error; also for check"},
    {"debug", "", "", "", "log more (or LITELLM_LOG=DEBUG)"},
    {"detailed_debug", "", "", "", "log everything"},
    {"skip_server_startup", "", "", "", "look at the configuration as `check` does, and end"},
    {"from", "", "DATE or URL", "",
     "of `prices import`: the day from which the prices hold (default: today); of `ledger close`: "
     "the first day that is kept; of `spend reprice`: the first day; of `import litellm`: "
     "LiteLLM's "
     "database",
     Kind::done, 0, 0, "prices import|ledger close|spend reprice|import litellm"},
    {"to", "", "FILE or DATE", "",
     "of `prices import`: the table that is added to (default: prices.jsonl); of `spend reprice`: "
     "the last day",
     Kind::done, 0, 0, "prices import|spend reprice"},
    {"json", "", "", "",
     "of `keys`, `teams`, `users`, `spend` and `reconcile`: the API's answer, no table", Kind::done,
     0, 0, "keys|teams|users|spend|reconcile"},
    {"dry-run", "", "", "",
     "of `prices import` and `import litellm`: say what would change, and change nothing",
     Kind::done, 0, 0, "prices import|import litellm"},
    {"apply", "", "", "", "of `spend reprice`: post what would change", Kind::done, 0, 0,
     "spend reprice"},
    {"update", "", "", "", "of `import litellm`: rows that are there become as LiteLLM has them",
     Kind::done, 0, 0, "import litellm"},
    {"version", "v", "", "", "print the version"},
    {"help", "h", "", "", "print this"},

    {"add_function_to_prompt", "", "", "", "functions are not put into prompts", Kind::ignored},
    {"add_key", "", "KEY", "", "keys are not stored; set the provider's variable or api_key",
     Kind::ignored},
    {"api_version", "", "VERSION", "", "deployments say their own", Kind::ignored},
    {"azure_postgresql_auth", "", "", "", "write the password into `general_settings.database_url`",
     Kind::ignored},
    {"check_migrations_against_existing_data", "", "", "", "migrations are the gateway's own",
     Kind::ignored},
    {"enforce_prisma_migration_check", "", "", "", "migrations are the gateway's own",
     Kind::ignored},
    {"granian_threads", "", "N", "GRANIAN_RUNTIME_THREADS", "the server is the gateway's own",
     Kind::ignored},
    {"headers", "", "JSON", "", "headers for --model; write litellm_params.extra_headers in a file",
     Kind::ignored},
    {"iam_token_db_auth", "", "", "", "write the password into `general_settings.database_url`",
     Kind::ignored},
    {"keepalive_timeout", "", "SECONDS", "KEEPALIVE_TIMEOUT",
     "idle connections are kept for 75 seconds", Kind::ignored},
    {"limit_concurrency", "", "N", "LIMIT_CONCURRENCY",
     "load is not limited by it; write `general_settings.global_max_parallel_requests` in a file",
     Kind::ignored},
    {"local", "", "", "", "a flag for LiteLLM's own development", Kind::ignored},
    {"log_config", "", "FILE", "", "a logging configuration of Python's", Kind::ignored},
    {"loop_type", "", "NAME", "", "the event loop is the gateway's own", Kind::ignored},
    {"max_budget", "", "DOLLARS", "",
     "spend is not capped by it; write `litellm_settings.max_budget` in a file", Kind::ignored},
    {"max_request_header_size", "", "BYTES", "MAX_REQUEST_HEADER_SIZE",
     "the head of a request has 64 KiB at most", Kind::ignored},
    {"max_requests_before_restart", "", "N", "MAX_REQUESTS_BEFORE_RESTART",
     "workers need no restart", Kind::ignored},
    {"max_requests_before_restart_jitter", "", "N", "MAX_REQUESTS_BEFORE_RESTART_JITTER",
     "workers need no restart", Kind::ignored},
    {"max_tokens", "", "N", "", "a default for --model; write litellm_params.max_tokens in a file",
     Kind::ignored},
    {"num_requests", "", "N", "", "belongs to --test_async", Kind::ignored},
    {"prometheus_metrics_port", "", "PORT", "PROMETHEUS_METRICS_PORT",
     "/metrics is on the gateway's own port", Kind::ignored},
    {"reload", "", "", "", "SIGHUP loads the configuration again", Kind::ignored},
    {"run_granian", "", "", "", "the server is the gateway's own", Kind::ignored},
    {"run_gunicorn", "", "", "", "the server is the gateway's own", Kind::ignored},
    {"run_hypercorn", "", "", "", "HTTP/2 is not served yet", Kind::ignored},
    {"save", "", "", "", "flags are not saved", Kind::ignored},
    {"telemetry", "", "BOOL", "", "nothing is ever sent anywhere", Kind::ignored},
    {"temperature", "", "NUMBER", "",
     "a default for --model; write litellm_params.temperature in a file", Kind::ignored},
    {"timeout_worker_healthcheck", "", "SECONDS", "TIMEOUT_WORKER_HEALTHCHECK",
     "workers are threads of one process", Kind::ignored},
    {"use_legacy_migration_resolver", "", "", "", "migrations are the gateway's own",
     Kind::ignored},
    {"use_prisma_db_push", "", "", "", "migrations are the gateway's own", Kind::ignored},
    {"use_queue", "", "", "", "there is no queue", Kind::ignored},
    {"use_v2_migration_resolver", "", "", "USE_V2_MIGRATION_RESOLVER",
     "migrations are the gateway's own", Kind::ignored},

    {"ciphers", "", "LIST", "", "this port speaks no TLS, so clients would be served in the clear",
     Kind::refused},
    {"health", "", "", "", "it asks a running proxy; GET /health/readiness tells of the gateway",
     Kind::refused},
    {"setup", "", "", "", "there is no wizard; write a config.yaml, `patchbay check` looks at it",
     Kind::refused},
    {"ssl_certfile_path", "", "FILE", "SSL_CERTFILE_PATH",
     "this port speaks no TLS, so clients would be served in the clear", Kind::refused},
    {"ssl_keyfile_path", "", "FILE", "SSL_KEYFILE_PATH",
     "this port speaks no TLS, so clients would be served in the clear", Kind::refused},
    {"test", "", "", "", "it asks a running proxy; send a request with curl", Kind::refused},
    {"test_async", "", "", "", "it asks a running proxy; send a request with curl", Kind::refused},
    {"validate_config", "", "", "", "`patchbay check FILE` looks at a configuration and ends",
     Kind::refused},
});

// Flags that Poco::Util::ServerApplication adds by itself.
constexpr auto kPocoFlags = std::to_array<Flag>({
    {"daemon", "", "", "", "run in the background"},
    {"umask", "", "MASK", "", "file mode mask of the background process (octal)"},
    {"pidfile", "", "FILE", "", "write the process id to this file"},
});

}  // namespace

std::span<const Flag> flags() {
    return kFlags;
}

std::span<const Flag> poco_flags() {
    return kPocoFlags;
}

}  // namespace patchbay::app
