// SPDX-License-Identifier: Apache-2.0
// The components "fal_ai", "stability", "black_forest_labs" and "elevenlabs": pictures and speech, in
// one file, since each file has a copy of what providers share.
#include <memory>
#include <patchbay/sdk.hpp>
#include <utility>

#include "black_forest.hpp"
#include "elevenlabs.hpp"
#include "fal.hpp"
#include "patchbay/operations.h"
#include "stability.hpp"

namespace patchbay::media_apis {

namespace {

using openai::Dialect;

using Rows = bay::Operation<const Dialect*>[1];

template <class Machine>
constexpr Rows kPictures = {{BAY_OP_IMAGES_GENERATE, bay::make_machine<Machine>}};
constexpr Rows kSpeech = {{BAY_OP_AUDIO_SPEECH, bay::make_machine<ElevenLabsExchange>}};

/// A provider with one operation.
class OneOperation : public bay::Provider {
  public:
    OneOperation(const Rows& rows, Dialect dialect) : rows_(rows), dialect_(std::move(dialect)) {}

    std::unique_ptr<bay::Exchange> open(const bay_open_info&) override {
        return std::make_unique<bay::ByOperation<const Dialect*>>(rows_, &dialect_,
                                                                  dialect_.provider);
    }

  private:
    const Rows& rows_;
    Dialect dialect_;
};

struct Fal : OneOperation {
    static constexpr char id[] = "fal_ai";
    Fal(std::string_view, bay::Diag&) : OneOperation(kPictures<FalExchange>, fal_dialect()) {}
};

struct Stability : OneOperation {
    static constexpr char id[] = "stability";
    Stability(std::string_view, bay::Diag&)
        : OneOperation(kPictures<StabilityExchange>, stability_dialect()) {}
};

struct BlackForest : OneOperation {
    static constexpr char id[] = "black_forest_labs";
    BlackForest(std::string_view, bay::Diag&)
        : OneOperation(kPictures<BlackForestExchange>, black_forest_dialect()) {}
};

struct ElevenLabs : OneOperation {
    static constexpr char id[] = "elevenlabs";
    ElevenLabs(std::string_view, bay::Diag&) : OneOperation(kSpeech, elevenlabs_dialect()) {}
};

}  // namespace

}  // namespace patchbay::media_apis

BAY_PLUGIN(bay::Providers<patchbay::media_apis::Fal, patchbay::media_apis::Stability,
                          patchbay::media_apis::BlackForest, patchbay::media_apis::ElevenLabs>)
