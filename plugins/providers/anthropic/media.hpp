// SPDX-License-Identifier: Apache-2.0
// Images and documents: data URLs and links to Anthropic's blocks.
#pragma once

#include <optional>
#include <string_view>

#include "chat/base64.hpp"
#include "json.hpp"

namespace patchbay::anthropic {

using shared::decode_base64;

/// A base64 data URL (RFC 2397) taken apart. Views into the URL.
struct DataUrl {
    std::string_view media_type;  ///< without parameters
    std::string_view base64;
};

/// Nothing if `url` is no data URL or not base64.
std::optional<DataUrl> parse_data_url(std::string_view url);

/// True for "http://..." and "https://...".
bool is_link(std::string_view url);

/// An image block for image/*, a document block for PDF and text. Nothing for other types and for
/// text whose base64 is malformed.
std::optional<json::object> block_of_data(std::string_view media_type, std::string_view base64);

/// A block whose content Anthropic fetches itself: an image, or a document if `media_type` is none.
json::object block_of_link(std::string_view media_type, std::string_view url);

/// A block for a file kept at Anthropic; `media_type` (may be empty) decides between image,
/// document and upload into the code execution container.
json::object block_of_file(std::string_view media_type, std::string_view file_id);

}  // namespace patchbay::anthropic
