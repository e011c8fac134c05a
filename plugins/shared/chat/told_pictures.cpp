#include "told_pictures.hpp"

#include <cstddef>
#include <patchbay/json_tree.hpp>
#include <string>

#include <boost/json.hpp>

#include "json/access.hpp"

namespace patchbay::shared {

namespace json = boost::json;

PictureAudience PictureAudience::of(const bay_ev_request& request) {
    return {(request.flags & BAY_REQ_STREAM) != 0,
            bay::sv(request.operation) == BAY_OP_IMAGES_EDIT};
}

bay_status tell_picture_list(std::string_view list, PictureAudience audience, bay::Out out) {
    if (!audience.stream) return out.result(list);
    const std::string name = audience.edit ? "image_edit.completed" : "image_generation.completed";
    const auto read = parse_json(list);
    const json::object* const told = read ? read->if_object() : nullptr;
    const json::array* const pictures = told ? find_array(*told, "data") : nullptr;
    for (std::size_t i = 0; pictures && i < pictures->size(); ++i) {
        const json::object* const picture = (*pictures)[i].if_object();
        json::object event{{"type", name}};
        if (picture) event.insert(picture->begin(), picture->end());
        if (const auto* created = told->if_contains("created")) event["created_at"] = *created;
        for (const char* member : {"background", "output_format", "quality", "size", "usage"}) {
            const bool here = std::string_view(member) != "usage" || i + 1 == pictures->size();
            const auto* value = here ? told->if_contains(member) : nullptr;
            if (value) event[member] = *value;
        }
        const auto status = out.chunk(name, json_tree::write(event));
        if (status != BAY_OK) return status;
    }
    return out.done();
}

}  // namespace patchbay::shared
