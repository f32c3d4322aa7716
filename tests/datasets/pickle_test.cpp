#include "datasets/pickle.h"

#include <array>
#include <cstdio>

#include "core/base/file.h"
#include "core/runtime/philox.h"
#include "tests/datasets/expect_error.h"
#include "tests/datasets/pickle_writer.h"
#include "tests/datasets/temp_folder.h"

namespace weir {
namespace {

using namespace testing_support;  // NOLINT(google-build-using-namespace): a test's own words
using namespace std::string_literals;
using Kind = PickleValue::Kind;

void expect_refused(const std::string& bytes, std::initializer_list<std::string> words) {
  expect_error([&] { read_pickle(bytes, "file"); }, ErrorKind::kData, words);
}

// The one value that these opcodes leave; `bytes` must outlive the document.
PickleDocument load(const std::string& bytes) { return read_pickle(bytes, "file"); }

TEST(Pickle, ReadsNumbers) {
  const std::string bytes = pickle(
      "(K\xc8M\x01\x02J\xfe\xff\xff\xff\x8a\x02\x00\x80\x8a\x00"
      "\x8b\x01\x00\x00\x00\x7fG\x3f\xf8\x00\x00\x00\x00\x00\x00t"s);
  const PickleDocument document = load(bytes);
  const auto& items = document.root().items;
  ASSERT_EQ(items.size(), 7u);
  const std::array<int64_t, 6> expected = {200, 513, -2, -32768, 0, 127};
  for (size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(items[i]->kind, Kind::kInt);
    EXPECT_EQ(items[i]->integer, expected[i]);
  }
  EXPECT_EQ(items[6]->kind, Kind::kFloat);
  EXPECT_EQ(items[6]->real, 1.5);
}

TEST(Pickle, ReadsTheNumbersOfProtocolOne) {
  const std::string bytes = "(I00\nI01\nI-12\nt.";
  const PickleDocument document = load(bytes);
  const auto& items = document.root().items;
  ASSERT_EQ(items.size(), 3u);
  EXPECT_EQ(items[0]->kind, Kind::kBool);
  EXPECT_EQ(items[1]->integer, 1);
  EXPECT_EQ(items[2]->kind, Kind::kInt);
  EXPECT_EQ(items[2]->integer, -12);
  expect_refused("I12x\n.", {"INT"});
  expect_refused("I99999999999999999999\n.", {"INT"});
}

TEST(Pickle, ReadsStringsOfEveryWidth) {
  const std::string bytes = pickle(
      "(U\x01"
      "aT\x01\0\0\0bC\x01"
      "cB\x01\0\0\0d\x8e\x01\0\0\0\0\0\0\0e\x96\x01\0\0\0\0\0\0\0f\x8c\x01gX\x01\0\0\0h"
      "\x8d\x01\0\0\0\0\0\0\0it"s);
  const PickleDocument document = load(bytes);
  std::string all;
  for (const PickleValue* item : document.root().items) all += item->text;
  EXPECT_EQ(all, "abcdefghi");
  EXPECT_EQ(document.root().items[5]->kind, Kind::kBytes);
  EXPECT_EQ(document.root().items[6]->kind, Kind::kText);
}

TEST(Pickle, ReadsContainers) {
  const std::string bytes = pickle("((N\x88\x89l(" + pickle_bytes("k") + "K\x05" +
                                   "d)](K\x01K\x02" + "eK\x03" + "aN\x85t");
  const PickleDocument document = load(bytes);
  const auto& items = document.root().items;
  ASSERT_EQ(items.size(), 5u);
  const std::array<Kind, 5> kinds = {Kind::kList, Kind::kDict, Kind::kTuple, Kind::kList,
                                     Kind::kTuple};
  const std::array<size_t, 5> sizes = {3, 2, 0, 3, 1};  // a dict counts its keys and values
  for (size_t i = 0; i < items.size(); ++i) {
    EXPECT_EQ(items[i]->kind, kinds[i]);
    EXPECT_EQ(items[i]->items.size(), sizes[i]);
  }
  EXPECT_EQ(items[0]->items[1]->integer, 1);  // NEWTRUE
  EXPECT_EQ(items[1]->find("k")->integer, 5);
  EXPECT_EQ(items[3]->items[2]->integer, 3);
}

TEST(Pickle, TheLastValueOfADictKeyCounts) {
  const std::string bytes =
      pickle("}" + pickle_bytes("k") + "K\x05s" + pickle_text("k") + "K\x06s");
  const PickleDocument document = load(bytes);
  ASSERT_NE(document.root().find("k"), nullptr);
  EXPECT_EQ(document.root().find("k")->integer, 6);
  EXPECT_EQ(document.root().find("other"), nullptr);
}

TEST(Pickle, RemembersValuesInTheMemo) {
  const std::string bytes = pickle(
      "(K\x07q\x09"
      "0K\x08\x94"
      "0h\x09h\x01t"s);
  const PickleDocument document = load(bytes);
  ASSERT_EQ(document.root().items.size(), 2u);
  EXPECT_EQ(document.root().items[0]->integer, 7);
  EXPECT_EQ(document.root().items[1]->integer, 8);
}

TEST(Pickle, ReadsAnArray) {
  const std::string bytes = pickle(pickle_array(
      {.shape = {2, 3}, .data = std::string(24, 'z'), .dtype = pickle_dtype("i4", "<")}));
  const PickleDocument document = load(bytes);
  EXPECT_EQ(document.root().kind, Kind::kArray);
  EXPECT_EQ(document.root().text, "i4");
  EXPECT_EQ(document.root().shape, (std::vector<int64_t>{2, 3}));
  EXPECT_EQ(document.root().data, std::string(24, 'z'));
}

TEST(Pickle, DecodesBytesWrittenAsLatin1Text) {
  const std::string bytes =
      pickle(pickle_name("_codecs", "encode") + pickle_text("a\xc2\x80\xc3\xbf") +
             pickle_text("latin1") + "\x86R");
  const PickleDocument document = load(bytes);
  EXPECT_EQ(document.root().kind, Kind::kBytes);
  EXPECT_EQ(document.root().text, "a\x80\xff");
}

// --- what Python itself writes ------------------------------------------------------------------

class PythonPickle : public testing::TestWithParam<int> {};

// Runs a Python program; false when there is no Python with NumPy.
bool run_python(const std::string& program) {
  const std::string command = "/usr/bin/python3 -c \"" + program + "\" 2>/dev/null";
  return std::system(command.c_str()) == 0;
}

TEST_P(PythonPickle, IsReadOrRefusedByName) {
  const TempFolder folder;
  const std::string path = folder / "p";
  if (!run_python("import pickle, numpy; a = numpy.arange(250, 256, dtype='u1').reshape(2, 3); "
                  "pickle.dump({b'data': a, 'labels': [0, 300, -70000], 'f': 0.5}, open('" +
                  path + "', 'wb'), " + std::to_string(GetParam()) + ")")) {
    GTEST_SKIP() << "needs /usr/bin/python3 with numpy";
  }
  const std::string bytes = read_file(path);
  const bool text_protocol = GetParam() == 0, out_of_reach = GetParam() == 5;
  if (text_protocol || out_of_reach) {
    expect_refused(bytes, {"refused", text_protocol ? "opcode" : "_frombuffer"});
    return;
  }
  const PickleDocument document = load(bytes);
  const PickleValue* data = document.root().find("data");
  ASSERT_NE(data, nullptr);
  EXPECT_EQ(data->shape, (std::vector<int64_t>{2, 3}));
  EXPECT_EQ(data->data, "\xfa\xfb\xfc\xfd\xfe\xff");
  const PickleValue* labels = document.root().find("labels");
  ASSERT_NE(labels, nullptr);
  ASSERT_EQ(labels->items.size(), 3u);
  EXPECT_EQ(labels->items[1]->integer, 300);
  EXPECT_EQ(labels->items[2]->integer, -70000);
  EXPECT_EQ(document.root().find("f")->real, 0.5);
}

INSTANTIATE_TEST_SUITE_P(Protocols, PythonPickle, testing::Range(0, 6));

// --- hostile files
// --------------------------------------------------------------------------------

TEST(HostilePickle, NoWayOfCallingIsFollowed) {
  const std::string argument = pickle_text("touch /tmp/owned");
  expect_refused(pickle(pickle_name("os", "system") + argument + "\x85R"),
                 {"refused", "os.system"});
  expect_refused(pickle(pickle_name("posix", "system") + argument + "\x85R"), {"posix.system"});
  expect_refused(
      pickle(pickle_text("builtins") + pickle_text("eval") + "\x93" + argument + "\x85R"),
      {"refused", "builtins.eval"});
  expect_refused(pickle("(" + argument + "ios\nsystem\n"), {"refused", "os.system"});
  expect_refused(pickle("(" + pickle_name("numpy", "ndarray") + argument + "o"),
                 {"refused", "OBJ"});
  expect_refused(pickle(pickle_name("numpy", "ndarray") + ")\x81"), {"refused", "NEWOBJ"});
  expect_refused(pickle("Pid\n"), {"refused", "PERSID"});
}

TEST(HostilePickle, AllowedNamesDoNothingElse) {
  // numpy.ndarray(...) would make an array without data; numpy.dtype takes whole programs of types.
  expect_refused(pickle(pickle_name("numpy", "ndarray") + pickle_int(3) + "\x85R"),
                 {"refused", "numpy.ndarray"});
  expect_refused(pickle(pickle_name("numpy", "dtype") + pickle_bytes("O8") + "\x85R"),
                 {"refused", "dtype"});
  expect_refused(
      pickle(pickle_name("numpy.core.multiarray", "_reconstruct") + pickle_name("numpy", "dtype") +
             pickle_int(0) + "\x85" + pickle_bytes("b") + "\x87R"),
      {"refused", "_reconstruct"});
  expect_refused(
      pickle(pickle_name("_codecs", "encode") + pickle_text("a") + pickle_text("rot13") + "\x86R"),
      {"refused", "_codecs.encode"});
  expect_refused(pickle("K\x01)R"), {"refused", "type int"});
  expect_refused(pickle("]}b"), {"refused", "state of a value of type list"});
}

TEST(HostilePickle, ControlCharactersOfANameStayInTheFile) {
  expect_refused(pickle("cos\x1b[2J\nsystem\n"), {"os?[2J.system"});
  expect_refused(pickle(pickle_name(std::string(5000, 'm'), "f")), {"mmm..."});
}

TEST(HostilePickle, AnnouncedSizesAreNotBelieved) {
  expect_refused(pickle("\x8e\xff\xff\xff\xff\xff\xff\xff\x7f"s), {"damaged", "announced"});
  expect_refused(pickle("\x8e\xff\xff\xff\xff\xff\xff\xff\xff"s), {"damaged"});
  expect_refused(pickle("T\xff\xff\xff\xff"), {"4294967295 bytes are announced"});
  expect_refused(pickle("\x8b\xff\xff\xff\x7f"), {"an integer of 2147483647 bytes"});
}

TEST(HostilePickle, StackAndMemoAreChecked) {
  expect_refused(pickle(""), {"the stack is empty"});
  expect_refused(pickle("0"), {"the stack is empty"});
  expect_refused(pickle("N(0"), {"the stack is empty"});  // a pop below the mark
  expect_refused(pickle("NN(N\x86"), {"the stack is empty"});
  expect_refused(pickle("t"), {"no mark"});
  expect_refused(pickle("h\x05"), {"memo 5"});
  expect_refused(pickle("j\xff\xff\xff\xff"), {"memo 4294967295"});
  expect_refused(pickle("NNa"), {"added to type None"});
  expect_refused(pickle("](Nu"), {"added to type list"});
  expect_refused(pickle("}(Nu"), {"a key without a value"});
  expect_refused(pickle("(Nd"), {"a key without a value"});
  expect_refused(pickle("NN\x93"), {"STACK_GLOBAL"});
  expect_refused("\x80\x09N.", {"protocol 9"});
  expect_refused(pickle("\x01"), {"0x01 is no opcode"});
}

TEST(HostilePickle, ArraysMustFillTheirShape) {
  const std::string six(6, 'x');
  expect_refused(pickle(pickle_array({.shape = {2, 4}, .data = six})), {"do not fill"});
  expect_refused(pickle(pickle_array({.shape = {-2, -3}, .data = six})), {"do not fill"});
  const int huge = 1 << 30;  // 2^30 * 2^30 * 16 wraps around 64 bits to 0
  expect_refused(pickle(pickle_array({.shape = {huge, huge, 16}, .data = ""})), {"do not fill"});
  expect_refused(pickle(pickle_array({.shape = {2, 3}, .data = six, .fortran = true})),
                 {"Fortran"});
  expect_refused(
      pickle(pickle_array({.shape = {3}, .data = six, .dtype = pickle_dtype("u2", ">")})),
      {"little-endian"});
  expect_refused(pickle(pickle_array({.shape = std::vector<int>(33, 1), .data = "x"})),
                 {"more than 32 dimensions"});
}

TEST(HostilePickle, DeepNestingAndCyclesAreFreed) {
  constexpr int kDepth = 400'000;
  const std::string deep = pickle(std::string(kDepth, ']') + std::string(kDepth - 1, 'a'));
  EXPECT_EQ(load(deep).root().items.size(), 1u);
  const std::string cycle = pickle(
      "]q\x01h\x01"
      "a");
  const PickleDocument document = load(cycle);
  EXPECT_EQ(document.root().items[0], &document.root());
}

TEST(HostilePickle, WorkIsBounded) {
  expect_refused(pickle(std::string(2'000'001, '(')), {"more than 2000000 opcodes"});
  // One long text, decoded again and again: 300 times 1 MB from a file of 1 MB.
  std::string again;
  for (int i = 0; i < 300; ++i) again += "h\x01h\x02h\x03\x86R0";
  expect_refused(
      pickle(pickle_name("_codecs", "encode") + "q\x01" + pickle_text(std::string(1 << 20, 'a')) +
             "q\x02" + pickle_text("latin1") + "q\x03" + again),
      {"bytes decoded"});
}

TEST(HostilePickle, EveryTruncationIsAnError) {
  const Images images = random_images(2, 3, 4, 5);
  const std::string whole = pickle(
      "}(" + pickle_bytes("labels") + "](K\x01K\x02" + "e" + pickle_bytes("data") +
      pickle_array({.shape = {2, 60}, .data = {images.pixels.begin(), images.pixels.end()}}) + "u");
  EXPECT_NO_THROW(load(whole));
  for (size_t size = 0; size < whole.size(); ++size)
    expect_refused(whole.substr(0, size), {"file"});
}

TEST(HostilePickle, FlippedBytesNeverCrash) {
  const std::string whole = pickled_batch(random_images(1, 3, 32, 32));
  const std::string head = pickle("(" + pickle_array({.shape = {2, 3}, .data = "abcdef"}) +
                                  pickle_text("x") + "q\x01](K\x01h\x01" + "e}(h\x01K\x02ut");
  int refused = 0;
  for (uint32_t trial = 0; trial < 20'000; ++trial) {
    Philox random(11, Purpose::kTest, trial);
    std::string bytes = trial % 50 == 0 ? whole : head;
    for (uint32_t flips = 1 + random.below(3); flips > 0; --flips) {
      const auto where = random.below(static_cast<uint32_t>(bytes.size()));
      bytes[where] = static_cast<char>(random.below(256));
    }
    try {
      read_pickle(bytes, "file");
    } catch (const Error& error) {
      ASSERT_EQ(error.kind(), ErrorKind::kData) << error.what();
      ++refused;
    }
  }
  EXPECT_GT(refused, 1000);  // the flips do reach the machine
}

}  // namespace
}  // namespace weir
