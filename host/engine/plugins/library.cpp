#include "engine/plugins/library.hpp"

#include <dlfcn.h>

namespace patchbay {

namespace {

using EntryFunction = const bay_entry*();

}  // namespace

boost::system::result<Library, std::string> Library::open(const std::filesystem::path& file) {
    using boost::system::in_place_error;
    Library result;
    auto& library = result.handle_.library;
    boost::dll::fs::error_code error;
    // All symbols now, so that a missing one shows here and not in the middle of a request; local,
    // so that plugins do not see each other's symbols.
    library.load(boost::dll::fs::path(file.native()), error,
                 boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
    if (error) {
        const char* reason = ::dlerror();
        return {in_place_error, reason != nullptr ? std::string(reason) : error.message()};
    }
    if (!library.has(BAY_ENTRY_SYMBOL)) {
        return {in_place_error, "does not export " BAY_ENTRY_SYMBOL};
    }
    const bay_entry* entry = library.get<EntryFunction>(BAY_ENTRY_SYMBOL)();
    if (entry == nullptr) return {in_place_error, BAY_ENTRY_SYMBOL "() returned NULL"};
    if (!BAY_HAS(entry->size, bay_entry, get_kind)) {
        return {in_place_error, "its entry table is " + std::to_string(entry->size) +
                                    " bytes long, at least " + std::to_string(sizeof(bay_entry)) +
                                    " are needed"};
    }
    result.entry_ = entry;
    return {boost::system::in_place_value, std::move(result)};
}

}  // namespace patchbay
