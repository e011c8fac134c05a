// A mapped shared object that is never unmapped.
#pragma once

#include <filesystem>
#include <string>

#include <boost/dll/shared_library.hpp>
#include <boost/system/result.hpp>

#include "patchbay/entry.h"

namespace patchbay {

/// Maps a file and finds its entry. Unmapping is never safe: a thread-local with a destructor, or a
/// pointer the plugin left somewhere, may still lead into the file. So the destructor does nothing.
class Library {
  public:
    /// Runs the file's constructors. On failure the text is the dynamic linker's, or says what is
    /// missing; the file may then remain mapped.
    static boost::system::result<Library, std::string> open(const std::filesystem::path& file);

    /// The table of bay_entry_v0(); valid for ever. Its size is checked, nothing else.
    const bay_entry& entry() const { return *entry_; }

  private:
    union Handle {
        Handle() : library() {}
        Handle(Handle&& other) noexcept : library(std::move(other.library)) {}
        ~Handle() {}
        boost::dll::shared_library library;
    };

    Library() = default;
    Handle handle_;
    const bay_entry* entry_ = nullptr;
};

}  // namespace patchbay
