// SPDX-License-Identifier: Apache-2.0
// The records of a batch, whole even if an older host filled them.
#pragma once

#include <vector>

#include "out.hpp"

namespace bay {

/// Views into a bay_ev_batch; valid as long as it is.
class Records {
  public:
    explicit Records(const bay_ev_batch& batch) noexcept : batch_(batch) {}
    std::uint64_t size() const noexcept { return batch_.record_count; }
    std::string_view id(std::uint64_t index) const noexcept { return sv(at(index).id); }
    std::string_view json(std::uint64_t index) const noexcept { return sv(at(index).json); }
    std::int64_t unix_ms(std::uint64_t index) const noexcept { return at(index).unix_ms; }
    bool failed(std::uint64_t index) const noexcept { return at(index).type == BAY_RECORD_FAILURE; }

  private:
    // The members above are those of the first minor that has records, so no size is asked.
    const bay_record& at(std::uint64_t index) const noexcept { return *batch_.records[index]; }
    const bay_ev_batch& batch_;
};

/// Tells the host which records of the batch must come again, then ends the exchange.
inline bay_status retry(Out out, const std::vector<std::uint32_t>& indexes) {
    if (!indexes.empty()) {
        const bay_status status = out.retry_records(indexes.data(), indexes.size());
        if (status != BAY_OK) return status;
    }
    return out.done();
}

}  // namespace bay
