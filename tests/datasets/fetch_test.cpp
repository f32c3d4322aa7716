#include "datasets/fetch.h"

#include "core/base/digest.h"
#include "core/base/file.h"
#include "core/runtime/philox.h"
#include "datasets/cifar10_get.h"
#include "tests/datasets/expect_error.h"
#include "tests/datasets/loopback_server.h"
#include "tests/datasets/temp_folder.h"

namespace weir {
namespace {

namespace fs = std::filesystem;
using testing_support::expect_error;
using testing_support::HttpReply;
using testing_support::LoopbackServer;
using testing_support::ranged_reply;
using testing_support::ScopedVariable;
using testing_support::TempFolder;
using Requests = std::vector<int64_t>;

std::string random_bytes(size_t count) {
  Philox random(3, Purpose::kTest, 0);
  std::string bytes(count, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random.below(256));
  return bytes;
}

class Fetch : public testing::Test {
 protected:
  FetchOptions options(std::vector<std::string> urls) const {
    return {.urls = std::move(urls), .destination = destination_, .md5 = md5_hex(file_)};
  }
  void write_part(const std::string& bytes) const { write_file_atomic(part_, bytes); }
  void expect_done() const {
    EXPECT_TRUE(read_file(destination_) == file_);
    EXPECT_FALSE(fs::exists(part_));
  }
  void expect_nothing() const {
    EXPECT_FALSE(fs::exists(destination_));
    EXPECT_FALSE(fs::exists(part_));
  }

  const std::string file_ = random_bytes(300'007);
  const TempFolder folder_;
  const fs::path destination_ = folder_ / "file.bin", part_ = folder_ / "file.bin.part";
  const ScopedVariable no_proxy_{"no_proxy", "127.0.0.1"};
};

TEST_F(Fetch, GetsAFileAndReportsProgress) {
  LoopbackServer server([&](int, int64_t begin) { return ranged_reply(file_, begin); });
  FetchOptions wanted = options({server.url()});
  int64_t last = 0, total = 0;
  wanted.transfer.progress = [&](int64_t done, int64_t whole) {
    EXPECT_GE(done, last);
    last = done;
    total = whole;
    return true;
  };
  EXPECT_TRUE(fetch(wanted));
  expect_done();
  EXPECT_EQ(last, 300'007);
  EXPECT_EQ(total, 300'007);
}

TEST_F(Fetch, MakesTheFolder) {
  LoopbackServer server([&](int, int64_t begin) { return ranged_reply(file_, begin); });
  FetchOptions wanted = options({server.url()});
  wanted.destination = folder_ / "a/b/file.bin";
  EXPECT_TRUE(fetch(wanted));
  EXPECT_TRUE(read_file(wanted.destination) == file_);
}

TEST_F(Fetch, GoesOnWhereTheConnectionWasCut) {
  LoopbackServer server([&](int request, int64_t begin) {
    HttpReply reply = ranged_reply(file_, begin);
    reply.announced = static_cast<int64_t>(reply.body.size());
    if (request == 0) reply.body.resize(150'000);
    return reply;
  });
  EXPECT_TRUE(fetch(options({server.url()})));
  expect_done();
  EXPECT_EQ(server.requests(), (Requests{0, 150'000}));
}

TEST_F(Fetch, ThreeCutsAreLeftToTheNextMirrorWhichGoesOn) {
  LoopbackServer bad([&](int, int64_t begin) {
    HttpReply reply = ranged_reply(file_, begin);
    reply.announced = static_cast<int64_t>(reply.body.size());
    reply.body.resize(1000);
    return reply;
  });
  LoopbackServer good([&](int, int64_t begin) { return ranged_reply(file_, begin); });
  EXPECT_TRUE(fetch(options({bad.url(), good.url()})));
  expect_done();
  EXPECT_EQ(bad.requests(), (Requests{0, 1000, 2000}));
  EXPECT_EQ(good.requests(), (Requests{3000}));
}

TEST_F(Fetch, GoesOnFromAnEarlierCall) {
  LoopbackServer server([&](int, int64_t begin) { return ranged_reply(file_, begin); });
  write_part(file_.substr(0, 1234));
  EXPECT_TRUE(fetch(options({server.url()})));
  expect_done();
  EXPECT_EQ(server.requests(), (Requests{1234}));
}

TEST_F(Fetch, AServerWithoutRangesStartsAgain) {
  LoopbackServer server([&](int, int64_t) { return HttpReply{.body = file_}; });
  write_part(file_.substr(0, 1234));
  EXPECT_TRUE(fetch(options({server.url()})));
  expect_done();
  EXPECT_EQ(server.requests(), (Requests{1234}));
}

TEST_F(Fetch, ATooLongBeginningIsThrownAway) {
  LoopbackServer server([&](int, int64_t begin) { return ranged_reply(file_, begin); });
  write_part(file_ + "more");
  EXPECT_TRUE(fetch(options({server.url()})));
  expect_done();
  EXPECT_EQ(server.requests(), (Requests{300'011, 0}));
}

TEST_F(Fetch, ACompleteBeginningIsTheFile) {
  LoopbackServer server([&](int, int64_t begin) { return ranged_reply(file_, begin); });
  write_part(file_);
  EXPECT_TRUE(fetch(options({server.url()})));
  expect_done();
  EXPECT_EQ(server.requests(), (Requests{300'007}));
}

TEST_F(Fetch, AWrongBeginningIsThrownAway) {
  LoopbackServer server([&](int, int64_t begin) { return ranged_reply(file_, begin); });
  write_part("not the same file");
  EXPECT_TRUE(fetch(options({server.url()})));
  expect_done();
  EXPECT_EQ(server.requests(), (Requests{17, 0}));
}

TEST_F(Fetch, AWrongFileIsLeftForTheNextMirror) {
  LoopbackServer bad([&](int, int64_t) { return HttpReply{.body = "another file"}; });
  LoopbackServer good([&](int, int64_t begin) { return ranged_reply(file_, begin); });
  EXPECT_TRUE(fetch(options({bad.url(), good.url()})));
  expect_done();
  EXPECT_EQ(good.requests(), (Requests{0}));
}

TEST_F(Fetch, SaysWhyEachMirrorFailed) {
  LoopbackServer wrong([&](int, int64_t) { return HttpReply{.body = "another file"}; });
  LoopbackServer missing([&](int, int64_t) { return HttpReply{.status = 404, .body = "no"}; });
  expect_error(
      [&] {
        fetch(options({wrong.url("/a"), missing.url("/b")}));
      },
      ErrorKind::kData,
      {wrong.url("/a"), "expected MD5 " + md5_hex(file_), "found " + md5_hex("another file"),
       missing.url("/b"), "404", "another way"});
  EXPECT_EQ(missing.requests().size(), 1u);  // a 404 is not asked for again
  expect_nothing();
}

TEST_F(Fetch, AnUnreachableServerIsAnError) {
  std::string url;
  {
    LoopbackServer gone([&](int, int64_t) { return HttpReply{}; });
    url = gone.url();
  }
  expect_error(
      [&] {
        fetch(options({url, "ftp://127.0.0.1/file.bin", "no address"}));
      },
      ErrorKind::kData, {url, "ftp://127.0.0.1/file.bin", "no address"});
  expect_nothing();
}

TEST_F(Fetch, ASilentServerIsGivenUp) {
  LoopbackServer server([&](int, int64_t) { return HttpReply{.silent = true}; });
  FetchOptions wanted = options({server.url()});
  wanted.attempts = 1;
  wanted.transfer.stall_seconds = 1;
  expect_error([&] { fetch(wanted); }, ErrorKind::kData, {server.url(), "too slow"});
  expect_nothing();
}

TEST_F(Fetch, ProgressCanStopItAndTheBeginningStays) {
  LoopbackServer server([&](int request, int64_t begin) {
    HttpReply reply = ranged_reply(file_, begin);
    reply.announced = static_cast<int64_t>(reply.body.size());
    if (request == 0) reply.body.resize(100'000);
    return reply;
  });
  FetchOptions wanted = options({server.url()});
  wanted.transfer.progress = [](int64_t done, int64_t) { return done == 0; };
  EXPECT_FALSE(fetch(wanted));
  EXPECT_FALSE(fs::exists(destination_));
  EXPECT_GT(fs::file_size(part_), 0u);
  wanted.transfer.progress = {};
  EXPECT_TRUE(fetch(wanted));
  expect_done();
  EXPECT_GT(server.requests().back(), 0);
}

TEST_F(Fetch, AnErrorInProgressComesThrough) {
  LoopbackServer server([&](int, int64_t begin) { return ranged_reply(file_, begin); });
  FetchOptions wanted = options({server.url()});
  wanted.transfer.progress = [](int64_t, int64_t) -> bool { throw std::logic_error("mine"); };
  EXPECT_THROW(fetch(wanted), std::logic_error);
}

TEST_F(Fetch, AnEndlessFileIsRefused) {
  LoopbackServer server([&](int, int64_t begin) { return ranged_reply(file_, begin); });
  FetchOptions wanted = options({server.url()});
  wanted.transfer.max_bytes = 200'000;
  expect_error([&] { fetch(wanted); }, ErrorKind::kData, {"larger than 200000 bytes"});
}

TEST_F(Fetch, ARightFileIsNotAskedForAgain) {
  LoopbackServer server([&](int, int64_t begin) { return ranged_reply(file_, begin); });
  write_file_atomic(destination_, file_);
  EXPECT_TRUE(fetch(options({server.url()})));
  EXPECT_TRUE(server.requests().empty());
}

TEST_F(Fetch, AWrongFileIsReplacedOnlyBySuccess) {
  write_file_atomic(destination_, "old");
  expect_error([&] { fetch(options({"file:///does/not/exist"})); }, ErrorKind::kData, {"file:///"});
  EXPECT_EQ(read_file(destination_), "old");
  LoopbackServer server([&](int, int64_t begin) { return ranged_reply(file_, begin); });
  EXPECT_TRUE(fetch(options({server.url()})));
  expect_done();
}

TEST_F(Fetch, ReadsFileAddresses) {
  const fs::path source = folder_ / "source";
  write_file_atomic(source, file_);
  for (const std::string& beginning : {std::string(), file_.substr(0, 99), file_, file_ + "x"}) {
    fs::remove(destination_);
    if (!beginning.empty()) write_part(beginning);
    EXPECT_TRUE(fetch(options({"file://" + source.string()})));
    expect_done();
  }
}

TEST_F(Fetch, AFolderThatCannotBeMadeIsAnError) {
  write_file_atomic(folder_ / "plain", "x");
  FetchOptions wanted = options({"file:///dev/null"});
  wanted.destination = folder_ / "plain/file.bin";
  expect_error([&] { fetch(wanted); }, ErrorKind::kInternal, {"plain"});
}

TEST_F(Fetch, NeedsAnAddress) {
  expect_error([&] { fetch(options({})); }, ErrorKind::kUsage, {"at least one address"});
}

TEST(Cifar10Mirrors, ComeFromTheTableOrTheEnvironment) {
  EXPECT_EQ(cifar10_mirrors().front(), "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz");
  const ScopedVariable own("WEIR_CIFAR10_MIRRORS", "http://a/x,file:///b");
  EXPECT_EQ(cifar10_mirrors(), (std::vector<std::string>{"http://a/x", "file:///b"}));
}

TEST(GetCifar10, ChecksThePublishedSum) {
  const ScopedVariable no_proxy("no_proxy", "127.0.0.1");
  LoopbackServer server([](int, int64_t) { return HttpReply{.body = "not CIFAR-10"}; });
  const ScopedVariable own("WEIR_CIFAR10_MIRRORS", server.url());
  const TempFolder folder;
  const ScopedVariable data("WEIR_DATA", folder.path().string());
  expect_error([] { get_cifar10(); }, ErrorKind::kData,
               {(folder / "cifar-10-binary.tar.gz").string(),
                "expected MD5 c32a1d4ab5d03f1284b67883e8d87530"});
  EXPECT_EQ(server.requests().size(), 1u);
}

}  // namespace
}  // namespace weir
