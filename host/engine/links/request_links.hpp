// Files that a request names by their addresses, and the files themselves in their place.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "engine/links/linked_file.hpp"

namespace patchbay {

/// One part of a request that names a file by its address. It points into the tree it was found in, which
/// must stay as it is but for put(), in the order in which find_links() gives them.
struct RequestLink {
    std::string url;    ///< as the client wrote it
    std::string place;  ///< "messages[0].content[1].image_url"
    boost::json::object* holder;
    std::string_view member;  ///< of `holder`: what names the file

    /// The file as a data URL, or what the part's form has for it, in the place of its address. Links that stand before this one
    /// must not be used any more then.
    void put(const LinkedFile& file) const;
};

/// May there be one whose address begins with one of `schemes`? False is certain; true costs a look.
bool may_have_links(std::string_view body, std::span<const std::string> schemes);

/// The parts of messages, also within results of tools, whose addresses have one of `schemes` ("http"):
/// `image_url` and `video_url` of chat, `file` of chat with an address in `file_data` or (LiteLLM's) `file_id`,
/// `input_image` and `input_file` of responses, and what has a `source` of the type `url` in messages. `body` is
/// a request of one of these APIs. What has another shape is left alone, to be judged by who reads it.
std::vector<RequestLink> find_links(boost::json::object& body,
                                    std::span<const std::string> schemes);

}  // namespace patchbay
