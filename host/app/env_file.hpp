// The file `.env` of the working directory: variables for this process, as LiteLLM reads them.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patchbay::app {

/// What a file of variables says.
struct EnvFile {
    std::vector<std::pair<std::string, std::string>> variables;  ///< in file order
    std::vector<std::string> problems;  ///< ".env:3: ..."; never with a value, which may be a key
};

/// Reads `text` by the rules of dotenv: `[export] NAME=value`, comments, 'literal' and "escaped"
/// values that may go over lines, `${NAME}` and `${NAME:-otherwise}` outside of single quotes (from
/// the file's lines before, then from the environment). A line that is none of this is a problem,
/// and the rest is read on.
EnvFile parse_env_file(std::string_view text);

/// Puts the variables of `.env` in the working directory into the environment; those that are set
/// already stay as they are. To be called before there are threads. Nothing happens without such a
/// file, or with LITELLM_MODE=PRODUCTION, as in LiteLLM. A file that others may write, or that
/// belongs to somebody else, is not read: it could name keys and addresses. Returns what is to be
/// warned of.
std::vector<std::string> use_env_file();

}  // namespace patchbay::app
