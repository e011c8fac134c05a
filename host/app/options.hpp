// The command line, as values.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace patchbay::app {

/// Flags are LiteLLM's; defaults come from the same environment variables (HOST, PORT, NUM_WORKERS,
/// ...).
struct Options {
    std::string config;  ///< --config, or CONFIG_FILE_PATH
    std::string model;   ///< --model: serve this one without a file
    std::string alias;
    std::string api_base;
    std::string host = "0.0.0.0";
    int port = 4000;
    int num_workers = 0;  ///< 0 = one per core
    int drain_seconds = 120;
    std::optional<std::chrono::seconds> request_timeout;  ///< over the file's
    bool drop_params = false;                             ///< over the file's
    bool skip_server_startup = false;                     ///< look at the configuration, and end
    bool no_access_log = false;                           ///< no line for each request
    bool check = false;   ///< `check`: an error about what is left out is one
    bool strict = false;  ///< what would be left out with a warning is an error
    bool debug = false;
    bool detailed_debug = false;
    bool version = false;
    bool help = false;
    std::string from;                    ///< --from: a day, or the URL of a database
    std::string to;                      ///< --to: a file or a day; may be empty
    bool dry_run = false;                ///< --dry-run
    bool update = false;                 ///< --update
    bool apply = false;                  ///< --apply
    bool json = false;                   ///< --json
    std::vector<std::string> arguments;  ///< a command and its operands: "check FILE", "plugins"
};

}  // namespace patchbay::app
