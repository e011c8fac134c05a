// SPDX-License-Identifier: Apache-2.0
// The components "langgraph", "nlp_cloud" and "bytez": three small chat APIs in one file, since each
// file has a copy of what providers share.
#include <memory>
#include <patchbay/sdk.hpp>
#include <utility>

#include "bytez.hpp"
#include "langgraph.hpp"
#include "nlp_cloud.hpp"
#include "patchbay/operations.h"

namespace patchbay::chat_apis {

namespace {

using openai::Dialect;

/// A provider with chat alone, whose machine is `Machine`.
template <class Machine>
class ChatProvider : public bay::Provider {
  public:
    explicit ChatProvider(Dialect dialect) : dialect_(std::move(dialect)) {}

    std::unique_ptr<bay::Exchange> open(const bay_open_info&) override {
        static constexpr bay::Operation<const Dialect*> kOperations[] = {
            {BAY_OP_CHAT_COMPLETIONS, bay::make_machine<Machine>},
        };
        return std::make_unique<bay::ByOperation<const Dialect*>>(kOperations, &dialect_,
                                                                  dialect_.provider);
    }

  private:
    Dialect dialect_;
};

struct LangGraph : ChatProvider<LangGraphExchange> {
    static constexpr char id[] = "langgraph";
    LangGraph(std::string_view, bay::Diag&) : ChatProvider(langgraph_dialect()) {}
};

struct NlpCloud : ChatProvider<NlpCloudExchange> {
    static constexpr char id[] = "nlp_cloud";
    NlpCloud(std::string_view, bay::Diag&) : ChatProvider(nlp_cloud_dialect()) {}
};

struct Bytez : ChatProvider<BytezExchange> {
    static constexpr char id[] = "bytez";
    Bytez(std::string_view, bay::Diag&) : ChatProvider(bytez_dialect()) {}
};

}  // namespace

}  // namespace patchbay::chat_apis

BAY_PLUGIN(bay::Providers<patchbay::chat_apis::LangGraph, patchbay::chat_apis::NlpCloud,
                          patchbay::chat_apis::Bytez>)
