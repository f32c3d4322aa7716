// The safetensors reader against hostile files, and the writer against the reader.
#include "core/io/safetensors.h"

#include <cstring>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/base/file.h"

namespace weir {
namespace {

using ::testing::HasSubstr;

std::string with_length(uint64_t length, const std::string& rest) {
  std::string bytes(sizeof length, '\0');
  std::memcpy(bytes.data(), &length, sizeof length);
  return bytes + rest;
}

// A file from its header's text and so many bytes of data.
std::string file_of(const std::string& header, size_t data_bytes = 0) {
  return with_length(header.size(), header + std::string(data_bytes, '\1'));
}

// The header of one tensor "w".
std::string one(const std::string& dtype, const std::string& shape, const std::string& offsets) {
  return R"({"w":{"dtype":")" + dtype + R"(","shape":)" + shape + R"(,"data_offsets":)" + offsets +
         "}}";
}

void expect_refused(const std::string& bytes, const std::string& reason) {
  try {
    parse_safetensors(bytes, "weights.file");
    ADD_FAILURE() << "accepted; expected: " << reason;
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kData);
    EXPECT_THAT(error.what(), HasSubstr(reason));
    EXPECT_THAT(error.what(), HasSubstr("weights.file"));
  }
}

TEST(Safetensors, RoundTripKeepsTypesShapesBytesAndMetadata) {
  SafeTensors content;
  Tensor labels = Tensor::empty({3}, DType::kU8);
  std::memcpy(labels.data<uint8_t>(), "abc", 3);
  Tensor count = Tensor::empty({}, DType::kI64);
  *count.data<int64_t>() = -5'000'000'000;
  Tensor halves = Tensor::empty({3}, DType::kBF16);
  std::memcpy(halves.data<bfloat16>(), "\x80\x3f\0\0\x20\xc1", 6);
  content.tensors = {
      {"labels", labels},
      {"halves", halves},
      {"conv.weight", Tensor::from({1.f, -2.f, 0.5f, 3e38f, -0.f, 7.f}, {1, 2, 3, 1})},
      {"count", count},
      {"empty", Tensor::empty({0, 4})}};
  content.metadata = {{"config", "a: 1\n\"quoted\" \xc3\xa9"}, {"format", "pt"}};
  const std::string bytes = format_safetensors(content);
  const SafeTensors back = parse_safetensors(bytes, "memory");
  EXPECT_EQ(back.metadata, content.metadata);
  ASSERT_EQ(back.tensors.size(), 5u);
  for (const NamedTensor& named : content.tensors) {
    const Tensor& found = back.at(named.name);
    EXPECT_EQ(found.dtype(), named.tensor.dtype());
    EXPECT_EQ(found.shape(), named.tensor.shape());
    EXPECT_EQ(std::memcmp(found.data<std::byte>(), named.tensor.data<std::byte>(), found.bytes()),
              0);
  }
  EXPECT_EQ(format_safetensors(back), bytes) << "writing again gives the same bytes";
}

TEST(Safetensors, HeaderIsPaddedAndWideTypesComeFirst) {
  SafeTensors content;
  content.tensors = {{"b", Tensor::zeros({3}, DType::kU8)},
                     {"f", Tensor::zeros({2})},
                     {"i", Tensor::zeros({1}, DType::kI64)}};
  const std::string bytes = format_safetensors(content);
  uint64_t length = 0;
  std::memcpy(&length, bytes.data(), sizeof length);
  EXPECT_EQ(length % 8, 0u);
  EXPECT_EQ(bytes.size(), 8 + length + 8 + 8 + 3);
  EXPECT_THAT(bytes, HasSubstr(R"({"i":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},"f":)"));
}

// The bytes of the format's own documentation, written by hand: no code of ours made them.
TEST(Safetensors, ReadsAFileWrittenByHand) {
  const std::string header =
      R"({"a":{"dtype":"F32","shape":[1,2],"data_offsets":[4,12]},"b":{"dtype":"I32","shape":[],)"
      R"("data_offsets":[0,4]},"__metadata__":{"who":"hand"}}   )";
  const std::string data{"\x2a\0\0\0\0\0\x80\x3f\0\0\0\xc0", 12};  // 42; 1.0, -2.0
  const SafeTensors file = parse_safetensors(with_length(header.size(), header + data), "hand");
  EXPECT_EQ(*file.at("b").data<int32_t>(), 42);
  EXPECT_EQ(file.at("a").data()[0], 1.f);
  EXPECT_EQ(file.at("a").data()[1], -2.f);
  EXPECT_EQ(file.tensors[0].name, "b") << "in the order of the data";
  EXPECT_EQ(file.metadata.at("who"), "hand");
}

TEST(Safetensors, UnknownNameSuggestsTheNearest) {
  SafeTensors content;
  content.tensors = {{"features.0.weight", Tensor::zeros({1})}};
  EXPECT_EQ(content.find("features.0.bias"), nullptr);
  try {
    content.at("feature.0.weight");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("did you mean 'features.0.weight'?"));
  }
}

TEST(SafetensorsHostile, Lengths) {
  expect_refused("", "0 bytes are too few");
  expect_refused("1234567", "7 bytes are too few");
  expect_refused(with_length(100, "{}"), "claims 100 bytes, the file has 2 left");
  expect_refused(with_length(~uint64_t{0}, "{}"), "at most 100000000 allowed");
  expect_refused(with_length(100'000'001, "{}"), "at most 100000000 allowed");
  expect_refused(with_length(0, "{}"), "does not begin with '{'");
}

TEST(SafetensorsHostile, Json) {
  expect_refused(file_of(" {}"), "does not begin with '{'");
  expect_refused(file_of("[]"), "does not begin with '{'");
  expect_refused(file_of("{"), "bad JSON");
  expect_refused(file_of("{} x"), "bad JSON");
  expect_refused(file_of("{\"\xff\":1}"), "bad JSON");
  expect_refused(file_of("{\"a\":" + std::string(200'000, '[')), "nests deeper");
  expect_refused(file_of(R"({"a":{"b":{"c":{"d":1}}}})"), "nests deeper");
  const std::string twice = one("F32", "[1]", "[0,4]");
  expect_refused(file_of(twice.substr(0, twice.size() - 1) + "," + twice.substr(1), 4),
                 "tensor 'w' appears twice");
  expect_refused(file_of(R"({"__metadata__":[]})"), "is not a map");
  expect_refused(file_of(R"({"__metadata__":{"a":1}})"), "'a' is not a string");
}

TEST(SafetensorsHostile, EntriesOfTheWrongKind) {
  expect_refused(file_of(R"({"w":3})"), "tensor 'w' must have dtype, shape and data_offsets");
  expect_refused(file_of(R"({"w":{"dtype":"F32","shape":[1]}})"), "tensor 'w' must have");
  expect_refused(file_of(R"({"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}})", 4),
                 "tensor 'w' must have");
  expect_refused(file_of(one("F16", "[1]", "[0,2]"), 2), "tensor 'w' has dtype F16");
  expect_refused(file_of(R"({"w":{"dtype":1,"shape":[1],"data_offsets":[0,4]}})", 4),
                 "dtype is not a string");
  expect_refused(file_of(one("F32", "1", "[0,4]"), 4), "shape is not a list");
  expect_refused(file_of(one("F32", "[-1]", "[0,4]"), 4), "shape holds something else");
  expect_refused(file_of(one("F32", "[1.0]", "[0,4]"), 4), "shape holds something else");
  expect_refused(file_of(one("F32", "[1e30]", "[0,4]"), 4), "shape holds something else");
  expect_refused(file_of(one("F32", "[1,1,1,1,1]", "[0,4]"), 4), "has 5 dimensions");
}

TEST(SafetensorsHostile, SizesAndOffsets) {
  expect_refused(file_of(one("F32", "[2]", "[0,4]"), 4), "takes 8 bytes, its data_offsets span 4");
  expect_refused(file_of(one("F32", "[1]", "[4,0]"), 4), "begin <= end");
  expect_refused(file_of(one("F32", "[1]", "[0]"), 4), "begin <= end");
  expect_refused(file_of(one("F32", "[1]", "[0,4]"), 3), "ends at byte 4 of the data, which has 3");
  expect_refused(file_of(one("F32", "[1]", "[4,8]"), 8), "0 expected: a hole");
  expect_refused(file_of(one("F32", "[1]", "[0,4]"), 5), "1 bytes of data belong to no tensor");
  expect_refused(file_of(one("F32", "[1]", "[18446744073709551612,18446744073709551615]"), 4),
                 "span 3");
  // 2^62 * 4 bytes is 0 in 64 bits; so is (2^32)^2.
  expect_refused(file_of(one("F32", "[4611686018427387904]", "[0,0]")), "its shape overflows");
  expect_refused(file_of(one("F32", "[4294967296,4294967296]", "[0,0]")), "its shape overflows");
}

TEST(SafetensorsHostile, OverlapNamesTheTensor) {
  const std::string header = R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                             R"("b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}})";
  expect_refused(file_of(header, 12), "tensor 'b' begins at byte 4 of the data, 8 expected: it");
}

// Every prefix of a valid file, and every file with one bit flipped in the header, is refused or
// read; nothing else happens (the sanitizers watch).
TEST(SafetensorsHostile, EveryTruncationAndEveryHeaderBit) {
  SafeTensors content;
  content.tensors = {{"a", Tensor::zeros({2, 3})}, {"n", Tensor::zeros({}, DType::kI64)}};
  content.metadata = {{"k", "v"}};
  const std::string good = format_safetensors(content);
  for (size_t length = 0; length < good.size(); ++length) {
    EXPECT_THROW(parse_safetensors(good.substr(0, length), "cut"), Error) << length;
  }
  uint64_t header = 0;
  std::memcpy(&header, good.data(), sizeof header);
  int refused = 0;
  for (size_t bit = 0; bit < (8 + header) * 8; ++bit) {
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
    try {
      parse_safetensors(bad, "flipped");
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kData);
      ++refused;
    }
  }
  EXPECT_GT(refused, static_cast<int>(8 + header)) << "most flips break the file";
}

TEST(Safetensors, WriterRefusesWhatTheFormatCannotHold) {
  EXPECT_THROW(format_safetensors({.tensors = {{"x", Tensor::images_zeros(2, 3, 4, 4)}}}), Error);
  EXPECT_THROW(
      format_safetensors({.tensors = {{"x", Tensor::zeros({1})}, {"x", Tensor::zeros({1})}}}),
      Error);
  EXPECT_THROW(format_safetensors({.tensors = {{"__metadata__", Tensor::zeros({1})}}}), Error);
}

TEST(Safetensors, NamesThatAreNotUtf8BecomeReadable) {
  SafeTensors content{.metadata = {{"classes", "caf\xe9"}}};
  EXPECT_EQ(parse_safetensors(format_safetensors(content), "memory").metadata.at("classes"),
            "caf\xef\xbf\xbd");
}

TEST(Safetensors, FileOnDisk) {
  const std::string path = ::testing::TempDir() + "weir_safetensors_test.safetensors";
  SafeTensors content;
  content.tensors = {{"w", Tensor::from({1.f, 2.f}, {2})}};
  write_safetensors(path, content);
  EXPECT_EQ(read_safetensors(path).at("w").data()[1], 2.f);
  std::filesystem::remove(path);
  EXPECT_THROW(read_safetensors(path), Error);
}

}  // namespace
}  // namespace weir
