// A mapped shared object that is never unmapped.
#pragma once

#include <filesystem>
#include <string>

#include <boost/system/result.hpp>

#include "patchbay/entry.h"

namespace patchbay {

/// Maps a file and finds its entry. Unmapping is never safe: a thread-local with a destructor, or a
/// pointer the plugin left somewhere, may still lead into the file. So there is no destructor.
class Library {
  public:
    /// Runs the file's constructors; makes no system calls but those of dlopen(), so that it may be
    /// done behind a filter of them (sandbox/sandbox.hpp). On failure the text is the dynamic
    /// linker's, or says what is missing; the file may then remain mapped.
    static boost::system::result<Library, std::string> open(const std::filesystem::path& file);

    /// The table of bay_entry_v0(); valid for ever. Its size is checked, nothing else.
    const bay_entry& entry() const { return *entry_; }

  private:
    explicit Library(const bay_entry& entry) : entry_(&entry) {}
    const bay_entry* entry_;
};

}  // namespace patchbay
