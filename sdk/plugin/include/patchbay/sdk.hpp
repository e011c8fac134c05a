// SPDX-License-Identifier: Apache-2.0
// The C++17 side of the plugin ABI, header-only: classes in, bay_kind tables out.
//
//     #include <patchbay/sdk.hpp>
//
//     struct Chat : bay::Exchange {
//         bay_status on_request(const bay_ev_request& request, bay::Out out) override;
//         bay_status on_http_done(const bay_ev_http& answer, bay::Out out) override;
//     };
//     struct Acme : bay::Provider {
//         static constexpr char id[] = "acme";
//         Acme(std::string_view config, bay::Diag& diag);
//         std::unique_ptr<bay::Exchange> open(const bay_open_info&) override {
//             return std::make_unique<Chat>();
//         }
//     };
//     BAY_PLUGIN(bay::Providers<Acme>)
//
// Nothing here is needed to follow the ABI; it only saves typing and mistakes: exceptions stop
// here, slots an older host lacks are refused, structs an older host filled read as zero beyond
// their end.
#pragma once

#include "sdk/by_operation.hpp"
#include "sdk/dropped.hpp"
#include "sdk/host.hpp"
#include "sdk/http_request.hpp"
#include "sdk/machine.hpp"
#include "sdk/names.hpp"
#include "sdk/out.hpp"
#include "sdk/percent.hpp"
#include "sdk/plugin.hpp"
#include "sdk/records.hpp"
#include "sdk/retry_after.hpp"
#include "sdk/splice.hpp"
#include "sdk/stream_end.hpp"
#include "sdk/text.hpp"
#include "sdk/upstream.hpp"
#include "sdk/verdict.hpp"
