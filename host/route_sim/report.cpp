#include "route_sim/report.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace patchbay::sim {

namespace {

struct Column {
    const char* title;
    double Score::*member;
    double unit;
    const char* format;
};
constexpr auto kColumns = std::to_array<Column>({
    {"p50 ms", &Score::p50, 1000, "%.0f"},
    {"p99 ms", &Score::p99, 1000, "%.0f"},
    {"good %", &Score::goodput, 100, "%.2f"},
    {"$ / 1000", &Score::spend, 1, "%.2f"},
    {"extra %", &Score::extra, 100, "%.2f"},
    {"second %", &Score::hedged, 100, "%.2f"},
    {"cached %", &Score::cached, 100, "%.1f"},
    {"shed %", &Score::shed, 100, "%.2f"},
});

double median(const std::vector<Score>& scores, double Score::*member) {
    std::vector<double> values;
    for (const Score& score : scores) values.push_back(score.*member);
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

}  // namespace

Report::Report(std::ostream& out) : out_(out) {
    out_ << "| scenario | strategy |";
    for (const Column& column : kColumns) out_ << ' ' << column.title << " |";
    out_ << "\n|---|---|";
    for (std::size_t i = 0; i < kColumns.size(); ++i) out_ << "---|";
    out_ << '\n';
}

void Report::add(const std::string& scenario, const std::string& strategy,
                 const std::vector<Score>& scores) {
    out_ << "| " << scenario << " | `" << strategy << "` |";
    for (const Column& column : kColumns) {
        char text[32];
        std::snprintf(text, sizeof text, column.format,
                      median(scores, column.member) * column.unit);
        out_ << ' ' << text << " |";
    }
    out_ << std::endl;
}

}  // namespace patchbay::sim
