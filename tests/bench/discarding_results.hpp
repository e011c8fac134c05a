// Where the results of a measured exchange go.
#pragma once

#include <benchmark/benchmark.h>

#include "contract/actions/results.hpp"

namespace patchbay::bench {

/// Keeps nothing; the compiler must make every text as if somebody read it.
class DiscardingResults final : public Results {
  public:
    void result(std::string_view json, const AnswerFacts&) override {
        benchmark::DoNotOptimize(json.data());
    }
    void chunk(std::string_view, std::string_view json, const AnswerFacts&) override {
        benchmark::DoNotOptimize(json.data());
    }
    void usage(const Usage&) override {}
};

}  // namespace patchbay::bench
