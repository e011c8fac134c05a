#include "engine/world/region.hpp"

#include <gtest/gtest.h>

namespace patchbay {
namespace {

TEST(Region, names_of_the_great_clouds_are_europe_the_states_or_elsewhere) {
    for (const char* name : {"eu", "EU", "eu-west-1", "europe-west4", "swedencentral",
                             "France Central", "westeurope", "germanywestcentral"}) {
        EXPECT_EQ(region_group(name), "eu") << name;
    }
    for (const char* name :
         {"us", "us-east-1", "us-central1", "eastus2", "West US 3", "southcentralus"}) {
        EXPECT_EQ(region_group(name), "us") << name;
    }
    for (const char* name : {"", "ap-south-1", "uksouth", "global", "australiaeast", "usual"}) {
        EXPECT_EQ(region_group(name), "") << name;
    }
}

}  // namespace
}  // namespace patchbay
