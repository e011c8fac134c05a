// What a store answers when it cannot do what it was asked.
#pragma once

#include <string>

#include <boost/system/result.hpp>

namespace patchbay::store {

/// What went wrong with a store.
struct Failure {
    enum class Kind {
        away,  ///< it cannot be reached or is busy, or its disk is full: the same may work later
        conflict,  ///< a rule of the schema forbids it: the same will fail again
        corrupt,   ///< what was read is not what this program writes
    };
    Kind kind = Kind::away;
    std::string text;  ///< for the operator's log: never a value of a column
};
template <class T>
using Stored = boost::system::result<T, Failure>;

}  // namespace patchbay::store
