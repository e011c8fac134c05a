// What only a start needs of the program and its libraries, given back.
#pragma once

#include <cstddef>

namespace patchbay::app {

/// Gives back the pages of code and constants of the program and its libraries that are as they are in
/// their files. What is used from then on comes back from the page cache, a fault for 64 KB; what only
/// a start ran (configuration, plugin files, the linker, initialisers of libraries) does not, 5 MB of
/// 25. Returns how many bytes of mappings these are. [control; other threads may run, map and unmap
/// whatever they want]
std::size_t release_start_pages();

}  // namespace patchbay::app
