// Requests as the host hands them over, for this folder's tests.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "patchbay/sdk/text.hpp"

namespace patchbay::openai {

/// A bay_ev_request over `json`, with the index of members that the host makes. Values hold no
/// nested duplicates of their own text before their place, so a search finds them.
struct Request {
    std::string json;
    std::string model;
    std::string allowed;
    std::vector<bay_member> members;
    bay_target target{};
    bay_ev_request event{};

    Request(std::string text, std::string upstream_model, std::uint32_t flags)
        : json(std::move(text)), model(std::move(upstream_model)) {
        index();
        target.size = sizeof target;
        target.model = bay::str(model);
        event.h = {sizeof event, BAY_EV_REQUEST};
        event.flags = flags;
        event.json = bay::str(json);
        event.target = &target;
        event.members = members.data();
        event.member_count = members.size();
    }
    Request(const Request&) = delete;

  private:
    /// Walks the text: depth and strings are enough to find the top-level members.
    void index() {
        std::size_t at = json.find('{') + 1;
        for (;;) {
            at = json.find_first_of("\"}", at);
            if (at == std::string::npos || json[at] == '}') return;
            bay_member member{};
            member.name_off = at;
            const std::size_t name_end = json.find('"', at + 1);
            member.name = bay::str(std::string_view(json).substr(at + 1, name_end - at - 1));
            at = json.find_first_not_of(" :\n", name_end + 1);
            member.value_off = at;
            int depth = 0;
            bool quoted = false;
            for (; at < json.size(); ++at) {
                const char c = json[at];
                if (quoted) {
                    if (c == '\\') ++at;
                    if (c == '"') quoted = false;
                    continue;
                }
                if (c == '"') quoted = true;
                if (c == '{' || c == '[') ++depth;
                if (depth == 0 && (c == ',' || c == '}' || c == ' ' || c == '\n')) break;
                if (c == '}' || c == ']') --depth;
            }
            member.value =
                bay::str(std::string_view(json).substr(member.value_off, at - member.value_off));
            members.push_back(member);
        }
    }
};

}  // namespace patchbay::openai
