// Tested by the transcripts embeddings_tokens.txt of the providers that use it.
#include "embedding_texts.hpp"

#include <algorithm>

#include <boost/json.hpp>

#include "json/access.hpp"

namespace patchbay::openai {

namespace json = boost::json;

Written<json::array> texts_of_input(const json::object* client) {
    const json::value* input = shared::find(client, "input");
    json::array texts;
    if (input != nullptr && input->is_string()) texts.push_back(*input);
    if (input != nullptr && input->is_array()) texts = input->get_array();
    const bool all = std::all_of(texts.begin(), texts.end(),
                                 [](const json::value& one) { return one.is_string(); });
    if (all && !texts.empty()) return texts;
    return bad_member("input",
                      "must be a text or a list of texts; token ids are of another tokenizer");
}

}  // namespace patchbay::openai
