// Boost.JSON, compiled into a plugin: no shared library to find at run time, no symbol shared with
// the host.
#include <boost/json/src.hpp>
