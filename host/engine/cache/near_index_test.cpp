#include "engine/cache/near_index.hpp"

#include <cmath>
#include <limits>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patchbay {
namespace {

CacheKey key_of(int number) {
    CacheKey key;
    key.digest[0] = static_cast<std::uint8_t>(number);
    key.digest[1] = static_cast<std::uint8_t>(number >> 8);
    return key;
}

const CacheKey kBucket = key_of(60'001);

NearVector vector_of(std::vector<float> values) {
    return *NearVector::of(values);
}

std::vector<float> random_embedding(std::mt19937& random, std::size_t size) {
    std::normal_distribution<float> normal;
    std::vector<float> values(size);
    for (float& value : values) value = normal(random);
    return values;
}

double cosine(const std::vector<float>& a, const std::vector<float>& b) {
    double along = 0, a2 = 0, b2 = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        along += double{a[i]} * double{b[i]};
        a2 += double{a[i]} * double{a[i]};
        b2 += double{b[i]} * double{b[i]};
    }
    return along / std::sqrt(a2 * b2);
}

TEST(NearVector, a_byte_a_dimension_keeps_similarities_within_a_hundredth) {
    std::mt19937 random(7);
    for (int i = 0; i < 200; ++i) {
        auto a = random_embedding(random, 384);
        auto b = random_embedding(random, 384);
        for (std::size_t at = 0; at < a.size(); ++at) b[at] = b[at] * float(i) / 100 + a[at];
        EXPECT_NEAR(vector_of(a).similarity(vector_of(b)), cosine(a, b), 0.01);
    }
}

TEST(NearVector, what_has_no_direction_is_none) {
    EXPECT_FALSE(NearVector::of({}));
    EXPECT_FALSE(NearVector::of(std::vector<float>{0, 0}));
    EXPECT_FALSE(NearVector::of(std::vector<float>{1, NAN}));
    EXPECT_FALSE(NearVector::of(std::vector<float>{std::numeric_limits<float>::infinity()}));
    EXPECT_FALSE(NearVector::of(std::vector<float>(NearVector::kMostDimensions + 1, 1)));
}

TEST(NearVector, another_models_is_near_to_nothing) {
    EXPECT_EQ(vector_of({1, 0}).similarity(vector_of({1, 0, 0})), -1);
}

TEST(NearIndex, finds_the_nearest_above_the_threshold_in_its_bucket) {
    NearIndex index(1u << 20);
    index.add(kBucket, vector_of({1, 0}), key_of(1));
    index.add(kBucket, vector_of({1, 0.2F}), key_of(2));
    index.add(key_of(60'002), vector_of({1, 0.1F}), key_of(3));
    const auto near = index.find(kBucket, vector_of({1, 0.15F}), 0.9F);
    ASSERT_TRUE(near);
    EXPECT_EQ(near->key, key_of(2));
    EXPECT_GT(near->similarity, 0.99F);
    EXPECT_FALSE(index.find(kBucket, vector_of({0, 1}), 0.9F));
    EXPECT_FALSE(index.find(key_of(60'003), vector_of({1, 0}), 0.1F));
    index.erase(kBucket, key_of(2));
    EXPECT_EQ(index.find(kBucket, vector_of({1, 0.15F}), 0.9F)->key, key_of(1));
}

TEST(NearIndex, the_oldest_make_room_and_nothing_is_left_behind) {
    NearIndex index(20);
    for (int number = 0; number < 25; ++number) {
        index.add(key_of(50'000 + number % 3), vector_of({1, 0}), key_of(number));
    }
    EXPECT_EQ(index.bytes(), 20u);
    std::size_t count = 0;
    for (int bucket = 0; bucket < 3; ++bucket) count += index.count(key_of(50'000 + bucket));
    EXPECT_EQ(count, 10u);
    for (int number = 0; number < 25; ++number) {
        index.erase(key_of(50'000 + number % 3), key_of(number));
    }
    EXPECT_EQ(index.bytes(), 0u);
    index.add(kBucket, vector_of({1, 0}), key_of(1));
    index.clear();
    EXPECT_EQ(index.bytes(), 0u);
    EXPECT_FALSE(index.find(kBucket, vector_of({1, 0}), 0.5F));
}

TEST(NearIndex, a_bucket_is_bounded) {
    NearIndex index(1u << 20);
    const int many = static_cast<int>(NearIndex::kMostInBucket) + 10;
    for (int number = 0; number < many; ++number) {
        index.add(kBucket, vector_of({1}), key_of(number));
        index.add(kBucket, vector_of({1}), key_of(number));
    }
    EXPECT_EQ(index.count(kBucket), NearIndex::kMostInBucket);
    EXPECT_EQ(index.bytes(), NearIndex::kMostInBucket);
}

}  // namespace
}  // namespace patchbay
