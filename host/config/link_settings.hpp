// What may be fetched of the links in a client's request.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace patchbay {

/// LiteLLM's settings for files that the gateway fetches because the provider does not.
struct LinkSettings {
    /// user_url_validation: only from public addresses.
    bool validate = true;
    /// user_url_allowed_hosts: "host" or "host:port", whatever their addresses are.
    std::vector<std::string> allowed_hosts;
    /// MAX_IMAGE_URL_DOWNLOAD_SIZE_MB of the environment, in bytes: of one request all together; 0: nothing is fetched.
    std::uint64_t most_bytes = 50 * 1024 * 1024;
};

class Reader;

/// Takes what the environment says, which is no setting of the file.
void finish_links_with_environment(Reader& reader, LinkSettings& links);

}  // namespace patchbay
