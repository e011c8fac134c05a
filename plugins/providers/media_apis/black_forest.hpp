// SPDX-License-Identifier: Apache-2.0
// Black Forest Labs' FLUX ("Get a result" of its API): a task is made, and looked at until it is over.
//
//     REQUEST -> POST <model> -> (pause -> GET result)* -> result()
#pragma once

#include "chat/told_pictures.hpp"
#include "openai_shared/pictures.hpp"
#include "openai_shared/upstream.hpp"
#include "patchbay/sdk/machine.hpp"

namespace patchbay::media_apis {

openai::Dialect black_forest_dialect();

/// Models take sides or, by their name, a ratio.
boost::json::object black_forest_body(std::string_view model, openai::Pictures pictures);

/// Where the result of a task is: as it says, if that is at Black Forest Labs; at an address of the
/// operator's it is looked for there.
std::string result_url(std::string_view base, std::string_view polling_url, std::string_view id);

/// How long to wait before the `asked`th look, in milliseconds.
std::uint32_t look_pause_ms(std::uint32_t asked);

/// [exchange]
class BlackForestExchange : public bay::Exchange {
  public:
    explicit BlackForestExchange(const openai::Dialect* dialect) : dialect_(*dialect) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;
    bay_status on_http_done(const bay_ev_http& done, bay::Out out) override;
    bay_status on_timer(const bay_ev_timer&, bay::Out out) override;

  private:
    bay_status fail(const shared::Failure& failure, bay::Out out);
    /// What a look has found.
    bay_status take(const boost::json::object& told, const bay_ev_http& done, bay::Out out);
    bay::HttpRequest call(std::string_view method, std::string_view url);

    const openai::Dialect& dialect_;
    openai::Headers headers_;
    std::string base_;
    std::string result_url_;  ///< empty: there is no task yet
    std::uint32_t calls_ = 0, looks_ = 0;
    shared::PictureAudience audience_;
    bool finished_ = false;
};

}  // namespace patchbay::media_apis
