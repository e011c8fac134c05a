// How often this program has allocated.
#pragma once

#include <cstddef>

/// Calls of operator new so far, by all threads.
std::size_t allocations();
