#include "gateway/world.hpp"

#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/uuid_io.hpp>

namespace patchbay::gateway {

std::string World::uuid() {
    return boost::uuids::to_string(boost::uuids::basic_random_generator<std::mt19937_64>(random)());
}

}  // namespace patchbay::gateway
