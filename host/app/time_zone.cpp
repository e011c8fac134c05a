#include "app/time_zone.hpp"

#include <chrono>
#include <date/tz.h>
#include <stdexcept>

namespace patchbay::app {

namespace {

using std::chrono::microseconds;

class IanaZone final : public store::Zone {
  public:
    explicit IanaZone(const date::time_zone* zone) : zone_(zone) {}

    std::int64_t shown(std::int64_t instant) const override {
        const date::sys_time<microseconds> time{microseconds(instant)};
        return zone_->to_local(time).time_since_epoch().count();
    }
    std::int64_t first(std::int64_t shown) const override {
        const date::local_time<microseconds> time{microseconds(shown)};
        return zone_->to_sys(time, date::choose::earliest).time_since_epoch().count();
    }

  private:
    const date::time_zone* zone_;  ///< of the library's table, which stays
};

}  // namespace

std::shared_ptr<const store::Zone> time_zone(const std::string& name) {
    try {
        return std::make_shared<IanaZone>(date::locate_zone(name));
    } catch (const std::runtime_error&) {
        return nullptr;
    }
}

}  // namespace patchbay::app
