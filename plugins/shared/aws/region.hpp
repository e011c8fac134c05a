// Where AWS's services are: regions and the partitions that they belong to.
#pragma once

#include <string>
#include <string_view>

namespace patchbay::aws {

/// The region of a deployment that names none; LiteLLM's.
inline constexpr std::string_view kUsualRegion = "us-west-2";

/// True for a text that has the form of a region's name: "eu-central-1", "us-gov-west-1".
bool is_region(std::string_view text);

/// The address of a service in a region, in the domain of the region's partition:
/// "https://bedrock-runtime.eu-central-1.amazonaws.com". `region` passes is_region().
std::string endpoint(std::string_view service, std::string_view region);

/// The name of a region's partition in ARNs: "aws", "aws-cn". `region` passes is_region(). Static.
std::string_view partition_of(std::string_view region);

/// The region that an ARN names; empty if `text` is no ARN or names none.
std::string_view region_of_arn(std::string_view text);

}  // namespace patchbay::aws
