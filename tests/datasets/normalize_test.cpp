#include "datasets/normalize.h"

#include <cmath>
#include <filesystem>
#include <functional>

#include <gtest/gtest.h>

#include "core/base/digest.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "datasets/gcn.h"
#include "tests/datasets/expect_error.h"
#include "tests/datasets/random_images.h"
#include "tests/datasets/temp_folder.h"

namespace weir {
namespace {

namespace fs = std::filesystem;
using testing_support::expect_error;
using testing_support::random_images;

// Keeps the whitening cache out of the user's folder.
class Normalize : public ::testing::Test {
 protected:
  testing_support::TempFolder cache_;
  testing_support::ScopedVariable variable_{"WEIR_CACHE", cache_.path().string()};
};

double byte_at(const Images& images, int i, int c, int y, int x) {
  return images.image(i)[static_cast<size_t>((c * images.height + y) * images.width + x)];
}

// Calls body(c, y, x, position) for every value of a picture.
void for_each_value(const Images& images, const std::function<void(int, int, int, size_t)>& body) {
  size_t position = 0;
  for (int c = 0; c < images.channels; ++c) {
    for (int y = 0; y < images.height; ++y) {
      for (int x = 0; x < images.width; ++x) body(c, y, x, position++);
    }
  }
}

TEST_F(Normalize, NoneScalesToOne) {
  const Images images = random_images(3, 2, 4, 5);
  const auto normalized = Normalizer::fit(images, {.method = "none"}).apply(images);
  EXPECT_EQ(normalized->count(), 3);
  EXPECT_EQ(normalized->height(), 4);
  EXPECT_EQ(normalized->width(), 5);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(normalized->label(i), images.labels[static_cast<size_t>(i)]);
    const std::vector<float> values = normalized->image(i);
    for_each_value(images, [&](int c, int y, int x, size_t at) {
      EXPECT_FLOAT_EQ(values[at], static_cast<float>(byte_at(images, i, c, y, x) / 255));
    });
  }
}

TEST_F(Normalize, MeanStdEqualsTwoPassOracle) {
  const Images train = random_images(40, 3, 5, 7), other = random_images(9, 3, 5, 7);
  const Normalizer normalizer = Normalizer::fit(train, {});
  const auto normalized = normalizer.apply(other);
  for (int c = 0; c < 3; ++c) {
    double mean = 0, variance = 0;
    const auto for_each = [&](const std::function<void(double)>& body) {
      for (int i = 0; i < 40; ++i) {
        for (int y = 0; y < 5; ++y) {
          for (int x = 0; x < 7; ++x) body(byte_at(train, i, c, y, x) / 255);
        }
      }
    };
    for_each([&](double v) { mean += v / (40 * 35); });
    for_each([&](double v) { variance += (v - mean) * (v - mean) / (40 * 35); });
    EXPECT_FLOAT_EQ(normalizer.tensors().at("mean").data()[c], static_cast<float>(mean));
    EXPECT_FLOAT_EQ(normalizer.tensors().at("std").data()[c],
                    static_cast<float>(std::sqrt(variance)));
    for (int i = 0; i < 9; ++i) {
      const double expected = (byte_at(other, i, c, 4, 6) / 255 - mean) / std::sqrt(variance);
      // A handful of float roundings of values up to 255 / (255 * std) < 4: 4 * 6e-8 * 4 = 1e-6.
      EXPECT_NEAR(normalized->image(i)[static_cast<size_t>(c * 35 + 34)], expected, 1e-6);
    }
  }
}

TEST_F(Normalize, AChannelOfOneValueBecomesZero) {
  Images images{.channels = 1, .height = 2, .width = 3};
  images.pixels.assign(2 * 6, 77);
  images.labels = {0, 1};
  const auto normalized = Normalizer::fit(images, {}).apply(images);
  for (const float value : normalized->image(1)) EXPECT_NEAR(value, 0, 1e-6);
}

TEST_F(Normalize, GcnEqualsOracle) {
  const Images images = random_images(6, 3, 5, 7);
  const auto normalized = Normalizer::fit(images, {.method = "gcn", .gcn_scale = 20}).apply(images);
  for (int i = 0; i < 6; ++i) {
    double mean = 0, squares = 0;
    for_each_value(images,
                   [&](int c, int y, int x, size_t) { mean += byte_at(images, i, c, y, x) / 105; });
    for_each_value(images, [&](int c, int y, int x, size_t) {
      squares += std::pow(byte_at(images, i, c, y, x) - mean, 2);
    });
    const std::vector<float> values = normalized->image(i);
    for_each_value(images, [&](int c, int y, int x, size_t at) {
      const double expected = (byte_at(images, i, c, y, x) - mean) * 20 / std::sqrt(squares);
      // Three roundings; the mean's own is of a value up to 255 * 20 / length < 10: 6e-8 * 13.
      EXPECT_NEAR(values[at], expected, 1e-6);
    });
  }
}

TEST(Gcn, PictureOfOneValueBecomesExactlyZero) {
  const std::vector<uint8_t> picture(3 * 7 * 11, 201);
  EXPECT_EQ(gcn_map(picture, 55, 1e-8f)(201), 0);
}

TEST(Gcn, MinDivisorBoundsTheGain) {
  const std::vector<uint8_t> picture = {10, 10, 10, 14};  // mean 11, length sqrt(12)
  EXPECT_FLOAT_EQ(gcn_map(picture, 55, 1e-8f).scale, 55 / std::sqrt(12.0f));
  EXPECT_FLOAT_EQ(gcn_map(picture, 55, 5).scale, 11);
}

TEST_F(Normalize, GcnZcaIsGcnThenTheFilter) {
  const Images images = random_images(70, 3, 4, 5);
  const Normalizer normalizer = Normalizer::fit(images, {.method = "gcn_zca", .gcn_scale = 8});
  const auto whitened = normalizer.apply(images);
  const auto contrast = Normalizer::fit(images, {.method = "gcn", .gcn_scale = 8}).apply(images);
  const Tensor mean = normalizer.tensors().at("mean"), matrix = normalizer.tensors().at("zca");
  for (const int i : {0, 33, 69}) {
    const std::vector<float> values = whitened->image(i), input = contrast->image(i);
    for (size_t row = 0; row < 60; ++row) {
      double expected = 0;
      for (size_t k = 0; k < 60; ++k) {
        expected += double{matrix.data()[row * 60 + k]} * (input[k] - mean.data()[k]);
      }
      // 60 products of at most |W| ~ 1/sqrt(0.1) by ~3, each off by one rounding: 60 * 10 * 6e-8.
      EXPECT_NEAR(values[row], expected, 4e-5);
    }
  }
}

// The whole chain against numpy, in double:
//   n = 24; i = numpy.arange(24 * 12); b = ((i * i * 7 + 13 * i) % 251).reshape(24, 12)
//   x = b - b.mean(1, keepdims=True)
//   x = 55 * x / numpy.maximum(numpy.sqrt((x * x).sum(1, keepdims=True)), 1e-8)
//   m = x.mean(0); l, u = numpy.linalg.eigh((x - m).T @ (x - m) / 24)
//   print((x - m)[5] @ (u / numpy.sqrt(numpy.maximum(l, 0) + 0.1)) @ u.T)
TEST_F(Normalize, GcnZcaEqualsNumpy) {
  Images images{.channels = 1, .height = 3, .width = 4};
  for (int i = 0; i < 24 * 12; ++i) {
    images.pixels.push_back(static_cast<uint8_t>((i * i * 7 + 13 * i) % 251));
  }
  images.labels.assign(24, 0);
  const auto normalized = Normalizer::fit(images, {.method = "gcn_zca"}).apply(images);
  const std::vector<double> expected = {0.2751965,  1.2691053,  0.1336038,  1.6574108,
                                        0.7780939,  -1.3946680, 0.8931661,  -0.2557504,
                                        -0.9043096, -0.5452697, -1.0643856, -0.8421933};
  const std::vector<float> values = normalized->image(5);
  // In float the covariance is off by about 1e-4 (1e-7 of its largest eigenvalue, 775). That turns
  // the eigenvector of eigenvalue 0 (after GCN, the constant direction) by 1e-4 / 22, the next
  // eigenvalue, so up to 55 * 5e-6 of a picture leaks into it and grows by 1/sqrt(0.1): 9e-4.
  for (size_t k = 0; k < 12; ++k) EXPECT_NEAR(values[k], expected[k], 1e-3) << k;
}

TEST_F(Normalize, WhiteningIsCachedAndADamagedCacheIsRebuilt) {
  const Images images = random_images(30, 1, 3, 4);
  const auto pictures = [&] {
    return Normalizer::fit(images, {.method = "gcn_zca"}).apply(images)->image(7);
  };
  const std::vector<float> first = pictures();
  const fs::path file = fs::directory_iterator(cache_ / "zca")->path();
  // A file with another, rightly signed content shows that it is read, and not computed again.
  const std::string good = read_file(file);
  std::string other = good.substr(64);
  other[1] = static_cast<char>(other[1] ^ 64);  // of the first float
  other.back() = static_cast<char>(other.back() ^ 64);
  write_file_atomic(file, sha256_hex(other) + other);
  EXPECT_NE(pictures(), first);
  write_file_atomic(file, good.substr(0, 64) + other);  // now the checksum is wrong
  EXPECT_EQ(pictures(), first);
  EXPECT_EQ(read_file(file), good);
  // Other pictures and other options have files of their own.
  Normalizer::fit(random_images(31, 1, 3, 4), {.method = "gcn_zca"});
  Normalizer::fit(images, {.method = "gcn_zca", .zca_bias = 0.2f});
  EXPECT_EQ(std::distance(fs::directory_iterator(cache_ / "zca"), fs::directory_iterator()), 3);
}

TEST_F(Normalize, RestoredNormalizerGivesTheSameBits) {
  const Images train = random_images(30, 3, 3, 4), other = random_images(5, 3, 3, 4);
  for (const std::string& method : normalize_methods()) {
    const Normalizer fitted =
        Normalizer::fit(train, {.method = method, .gcn_scale = 54.3f, .zca_bias = 0.3f});
    const Normalizer restored = Normalizer::restore(fitted.tensors(), fitted.settings());
    EXPECT_EQ(restored.settings(), fitted.settings());
    EXPECT_EQ(restored.options().gcn_min_divisor, 1e-8f);
    const auto a = fitted.apply(other), b = restored.apply(other);
    for (int i = 0; i < 5; ++i) EXPECT_EQ(a->image(i), b->image(i)) << method;
  }
}

TEST_F(Normalize, RestoreRefusesWhatIsMissingOrMisshapen) {
  const Normalizer fitted = Normalizer::fit(random_images(9, 3, 2, 2), {.method = "gcn_zca"});
  const auto refuses = [](auto tensors, auto settings, const std::string& part) {
    expect_error([&] { Normalizer::restore(tensors, settings); }, ErrorKind::kData, {part});
  };
  auto tensors = fitted.tensors();
  tensors.erase("zca");
  refuses(tensors, fitted.settings(), "lacks the tensor 'zca'");
  tensors["zca"] = Tensor::zeros({12, 11});
  refuses(tensors, fitted.settings(), "a square matrix");
  tensors["zca"] = Tensor::zeros({11, 11});
  refuses(tensors, fitted.settings(), "(11, 11)");
  auto settings = fitted.settings();
  settings["zca_bias"] = "0.1x";
  refuses(fitted.tensors(), settings, "no number");
  settings["zca_bias"] = "-1";
  refuses(fitted.tensors(), settings, "0 or more");
  settings.erase("zca_bias");
  refuses(fitted.tensors(), settings, "lacks the setting 'zca_bias'");
  settings = fitted.settings();
  settings["method"] = "whiten";
  refuses(fitted.tensors(), settings, "unknown normalisation 'whiten'");
  refuses(fitted.tensors(), std::map<std::string, std::string>{}, "'method'");
}

TEST_F(Normalize, RefusesPicturesOfOtherSizes) {
  const Images train = random_images(9, 3, 2, 2);
  const auto refuses = [&](const std::string& method, const Images& other, const char* part) {
    expect_error([&] { Normalizer::fit(train, {.method = method}).apply(other); }, ErrorKind::kData,
                 {part});
  };
  refuses("mean_std", random_images(2, 1, 2, 2), "3 channels, these have 1");
  refuses("gcn_zca", random_images(2, 3, 2, 3), "12 values each, these have 18");
}

TEST_F(Normalize, RefusesBadOptions) {
  const Images train = random_images(4, 1, 2, 2);
  const auto refuses = [&](const NormalizeOptions& options, const std::string& part) {
    expect_error([&] { Normalizer::fit(train, options); }, ErrorKind::kUsage, {part});
  };
  refuses({.method = "mean_sdt"}, "did you mean 'mean_std'");
  refuses({.gcn_scale = 0}, "gcn_scale");
  refuses({.gcn_min_divisor = -1}, "gcn_min_divisor");
  refuses({.zca_bias = -0.1f}, "zca_bias");
  refuses({.zca_bias = std::nanf("")}, "zca_bias");
  expect_error([] { Normalizer::fit(Images{}, {}); }, ErrorKind::kData, {"no training pictures"});
}

}  // namespace
}  // namespace weir
