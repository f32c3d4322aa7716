#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/digest.h"
#include "core/base/error.h"
#include "core/base/names.h"
#include "core/base/stopwatch.h"

namespace weir {
namespace {

const std::vector<std::string> kWords{"momentum", "lr", "weight_decay", "nesterov", "kernel_size"};

TEST(Names, FindTheNearest) {
  EXPECT_EQ(nearest_name("momentun", kWords), "momentum");
  EXPECT_EQ(nearest_name("Momentum", kWords), "momentum");
  EXPECT_EQ(nearest_name("wieght_decay", kWords), "weight_decay");
  EXPECT_EQ(nearest_name("rl", kWords), "lr");
  EXPECT_EQ(nearest_name("banana", kWords), "");
  EXPECT_EQ(did_you_mean("nestrov", kWords), "; did you mean 'nesterov'?");
  EXPECT_EQ(did_you_mean("banana", kWords), "");
}

TEST(Names, Join) {
  EXPECT_EQ(join(std::vector<std::string>{"a", "b", "c"}), "a, b, c");
  EXPECT_EQ(join(std::vector<std::string>{}), "");
}

// RFC 1321 and FIPS 180-4 examples.
TEST(Digest, KnownVectors) {
  EXPECT_EQ(md5_hex("abc"), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  Digest pieces(DigestKind::kSha256);
  pieces.update("a", 1);
  pieces.update("bc", 2);
  EXPECT_EQ(pieces.hex(), sha256_hex("abc"));
}

TEST(Error, CarriesKindAndNumbers) {
  try {
    fail(ErrorKind::kData, "{}: expected {} bytes, found {}", "a.bin", 10, 7);
  } catch (const Error& error) {
    EXPECT_EQ(error.exit_code(), 3);
    EXPECT_STREQ(error.what(), "a.bin: expected 10 bytes, found 7");
  }
  EXPECT_NO_THROW(require(true, "fine"));
  EXPECT_THROW(require(false, "not fine"), Error);
}

// Two laps are no longer than the whole: the second does not hold the first.
TEST(Stopwatch, RestartsFromTheMomentItIsRead) {
  const Stopwatch whole;
  Stopwatch laps;
  while (laps.seconds() == 0) {
  }
  const double first = laps.restart();
  const double second = laps.seconds();
  EXPECT_GT(first, 0);
  EXPECT_GE(second, 0);
  constexpr double kRounding = 1e-12;  // of the two differences, which are far below a second
  EXPECT_LE(first + second, whole.seconds() + kRounding);
}

}  // namespace
}  // namespace weir
