#include "datasets/cifar10_pickle.h"

#include "tests/datasets/expect_error.h"
#include "tests/datasets/pickle_writer.h"
#include "tests/datasets/temp_folder.h"

namespace weir {
namespace {

using namespace testing_support;  // NOLINT(google-build-using-namespace): a test's own words

// Reads the tiny set with this data_batch_1, and expects kData with these words.
void expect_refused(const std::string& batch, std::initializer_list<std::string> words) {
  const TempFolder folder;
  Files files = tiny_pickle_files();
  files["data_batch_1"] = batch;
  write_files(folder.path(), files);
  expect_error([&] { read_cifar10_pickle(folder.path(), kTiny); }, ErrorKind::kData, words);
}

std::string batch(const std::string& labels, const std::string& data) {
  return pickle("}(" + pickle_bytes("labels") + labels + pickle_bytes("data") + data + "u");
}

std::string three_labels(int last) {
  return "](" + pickle_int(0) + pickle_int(9) + pickle_int(last) + "e";
}
std::string array(const std::vector<int>& shape) {
  size_t bytes = 1;
  for (const int size : shape) bytes *= static_cast<size_t>(size);
  return pickle_array({.shape = shape, .data = std::string(bytes, 'x')});
}

TEST(Cifar10Pickle, ReadsTheSixFiles) {
  const TempFolder folder;
  write_files(folder.path(), tiny_pickle_files());
  expect_tiny(read_cifar10_pickle(folder.path(), kTiny));
}

TEST(Cifar10Pickle, NamesTheMissingFile) {
  const TempFolder folder;
  Files files = tiny_pickle_files();
  files.erase("test_batch");
  write_files(folder.path(), files);
  expect_error([&] { read_cifar10_pickle(folder.path(), kTiny); }, ErrorKind::kData,
               {"test_batch is missing"});
}

TEST(Cifar10Pickle, RefusesACall) {
  expect_refused(pickle(pickle_name("os", "system") + pickle_text("echo") + "\x85R"),
                 {"data_batch_1", "refused", "os.system"});
}

TEST(Cifar10Pickle, NamesTheRecordWithALabelAboveNine) {
  expect_refused(batch(three_labels(10), array({3, 3072})),
                 {"data_batch_1", "record 2", "label 10", "0 to 9"});
}

TEST(Cifar10Pickle, RefusesLabelsThatAreNoSmallIntegers) {
  expect_refused(batch(three_labels(-3), array({3, 3072})), {"record 2"});
  expect_refused(batch("](" + pickle_int(1) + "N" + pickle_int(1) + "e", array({3, 3072})),
                 {"record 1"});
}

TEST(Cifar10Pickle, RefusesOtherShapes) {
  expect_refused(batch(three_labels(1), array({3, 3071})),
                 {"u1 (3, 3071)", "expected u1 (3, 3072)"});
  expect_refused(batch(three_labels(1), array({2, 3072})), {"u1 (2, 3072)"});
  expect_refused(batch(three_labels(1), array({3, 3, 1024})), {"(3, 3, 1024)"});
}

TEST(Cifar10Pickle, RefusesOtherTypes) {
  const std::string floats = pickle_array(
      {.shape = {3, 768}, .data = std::string(9216, 'x'), .dtype = pickle_dtype("f4", "<")});
  expect_refused(batch(three_labels(1), floats), {"f4 (3, 768)"});
}

TEST(Cifar10Pickle, RefusesAnotherNumberOfLabels) {
  expect_refused(batch("](" + pickle_int(1) + "e", array({3, 3072})), {"1 labels for 3 pictures"});
}

TEST(Cifar10Pickle, NamesAMissingKey) {
  expect_refused(pickle("}(" + pickle_bytes("fine_labels") + "]u"),
                 {"expected a dict with the key 'labels'"});
  expect_refused(pickle("]"), {"'labels'", "found type list"});
  expect_refused(batch(pickle_int(1), array({3, 3072})),
                 {"'labels' is of type int, expected list"});
}

TEST(Cifar10Pickle, RefusesOtherClasses) {
  const TempFolder folder;
  Files files = tiny_pickle_files();
  files["batches.meta"] =
      pickle("}(" + pickle_bytes("label_names") + "](" + pickle_bytes("apple") + "eu");
  write_files(folder.path(), files);
  expect_error([&] { read_cifar10_pickle(folder.path(), kTiny); }, ErrorKind::kData,
               {"batches.meta", "not CIFAR-10", "apple"});
}

TEST(Cifar10Pickle, ExpectsTheRealCountByDefault) {
  const TempFolder folder;
  write_files(folder.path(), tiny_pickle_files());
  expect_error([&] { read_cifar10_pickle(folder.path()); }, ErrorKind::kData,
               {"u1 (3, 3072)", "expected u1 (10000, 3072)"});
}

}  // namespace
}  // namespace weir
