// SPDX-License-Identifier: Apache-2.0
// Images, documents, sounds and videos of chat messages as Converse's content blocks.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "json.hpp"

namespace patchbay::bedrock {

/// What the media of one request have in common.
class Media {
  public:
    /// The content block for a part of chat's content (image_url, file, input_audio, video_url,
    /// guarded_text), null for parts of other kinds. Data URLs become bytes, "s3://..." stays where it
    /// is; the media type is that of `format`, else of the data URL, else what the name ends with.
    /// `place` is for error texts. Fails for links, which Bedrock does not fetch, files that another
    /// provider keeps, and kinds that Converse has no word for.
    Result<json::value> block_of(const json::object& part, const std::string& place);

    /// {"document": ...} with a source of Converse's; `name` may be empty. Documents of one request
    /// have names that differ, made of what AWS takes in one.
    json::object document(std::string_view name, std::string_view format, json::object source);

  private:
    std::string free_name(std::string_view given);

    std::set<std::string, std::less<>> names_;
    std::map<std::string, int> numbers_;  ///< by name: the last that was put behind it
};

}  // namespace patchbay::bedrock
