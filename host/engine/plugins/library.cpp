#include "engine/plugins/library.hpp"

#include <dlfcn.h>

namespace patchbay {

namespace {

using EntryFunction = const bay_entry*();

}  // namespace

boost::system::result<Library, std::string> Library::open(const std::filesystem::path& file) {
    using boost::system::in_place_error;
    // All symbols now, so that a missing one shows here and not in the middle of a request; local,
    // so that plugins do not see each other's symbols.
    void* const library = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) return {in_place_error, std::string(::dlerror())};
    auto* const find = reinterpret_cast<EntryFunction*>(::dlsym(library, BAY_ENTRY_SYMBOL));
    if (find == nullptr) return {in_place_error, "does not export " BAY_ENTRY_SYMBOL};
    const bay_entry* entry = find();
    if (entry == nullptr) return {in_place_error, BAY_ENTRY_SYMBOL "() returned NULL"};
    if (!BAY_HAS(entry->size, bay_entry, get_kind)) {
        return {in_place_error, "its entry table is " + std::to_string(entry->size) +
                                    " bytes long, at least " + std::to_string(sizeof(bay_entry)) +
                                    " are needed"};
    }
    return Library(*entry);
}

}  // namespace patchbay
