#include "engine/call/engine.hpp"

#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/uuid_io.hpp>

namespace patchbay {

std::string Engine::uuid() {
    return boost::uuids::to_string(boost::uuids::basic_random_generator<std::mt19937_64>(random)());
}

std::mt19937_64 seeded_random() {
    std::random_device device;
    std::seed_seq seed{device(), device(), device(), device(),
                       device(), device(), device(), device()};
    return std::mt19937_64(seed);
}

}  // namespace patchbay
