#include "region.hpp"

#include <algorithm>

namespace patchbay::aws {

namespace {

struct Partition {
    std::string_view begin;  ///< of its regions
    std::string_view domain;
    std::string_view name;  ///< in ARNs
};
// AWS, "AWS partitions", and the endpoint rules of its SDKs (partitions.json). The first row that
// fits counts.
constexpr Partition kPartitions[] = {
    {"cn-", "amazonaws.com.cn", "aws-cn"},       {"us-isob-", "sc2s.sgov.gov", "aws-iso-b"},
    {"us-isof-", "csp.hci.ic.gov", "aws-iso-f"}, {"eu-isoe-", "cloud.adc-e.uk", "aws-iso-e"},
    {"us-iso-", "c2s.ic.gov", "aws-iso"},        {"eusc-", "amazonaws.eu", "aws-eusc"},
    {"us-gov-", "amazonaws.com", "aws-us-gov"},  {"", "amazonaws.com", "aws"},
};

const Partition& partition_in(std::string_view region) {
    return *std::find_if(std::begin(kPartitions), std::end(kPartitions),
                         [&](const Partition& row) { return region.starts_with(row.begin); });
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

}  // namespace

bool is_region(std::string_view text) {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; };
    const auto last = text.rfind('-');
    if (last == std::string_view::npos || last + 1 == text.size()) return false;
    const auto number = text.substr(last + 1);
    const auto words = text.substr(0, last);
    return words.find('-') != std::string_view::npos && words.front() != '-' &&
           std::all_of(words.begin(), words.end(), letter) && number.size() <= 2 &&
           std::all_of(number.begin(), number.end(), is_digit);
}

std::string endpoint(std::string_view service, std::string_view region) {
    std::string url("https://");
    return url.append(service).append(".").append(region).append(".").append(
        partition_in(region).domain);
}

std::string_view partition_of(std::string_view region) {
    return partition_in(region).name;
}

// arn:partition:service:region:account:resource
std::string_view region_of_arn(std::string_view text) {
    if (!text.starts_with("arn:")) return {};
    for (int part = 0; part < 3; ++part) {
        const auto colon = text.find(':');
        if (colon == std::string_view::npos) return {};
        text.remove_prefix(colon + 1);
    }
    const auto region = text.substr(0, text.find(':'));
    return is_region(region) ? region : std::string_view();
}

}  // namespace patchbay::aws
