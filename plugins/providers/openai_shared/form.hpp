// Multipart requests: the client's parts again, under a boundary of our own.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dialect.hpp"
#include "patchbay/sdk/http_request.hpp"
#include "request.hpp"

namespace patchbay::openai {

/// The form of one request. Files are named as the host's blobs, so that they pass by the plugin.
class Form {
  public:
    /// `request` must outlive this. Takes the boundary from the host's random numbers, if there are
    /// parts.
    explicit Form(const bay_ev_request& request);

    /// "multipart/form-data; boundary=..."
    std::string content_type() const { return "multipart/form-data; boundary=" + boundary_; }

    /// A part of ours behind the client's, in place of one of the same name.
    void add(std::string_view name, std::string_view text) { ours_.emplace_back(name, text); }

    /// Puts the body into `call`: all parts in their order, "model" with the upstream's, behind all
    /// others if the client sent none. What `rule` (or nullptr) says is unsupported is left out
    /// or refused, as in write_pass_body().
    std::optional<Refusal> write(const Dialect& dialect, const OperationRule* rule,
                                 bay::HttpRequest& call) const;

  private:
    std::string head(const bay_part& part) const;
    /// A part that is a text.
    void write_text(std::string_view name, std::string_view text, bay::HttpRequest& call) const;
    bool is_ours(std::string_view name) const;

    const bay_ev_request& request_;
    std::string boundary_;
    std::vector<std::pair<std::string, std::string>> ours_;
};

/// True if the part "response_format" asks for a text: "text", "srt" or "vtt".
bool asks_for_text(const bay_ev_request& request);

}  // namespace patchbay::openai
