// Checks that a call throws weir::Error of a kind, with a message that says this.
#pragma once

#include <string>

#include <gmock/gmock.h>

#include "core/base/error.h"

namespace weir::testing {

template <class Callable>
void expect_error(ErrorKind kind, const std::string& part, const Callable& call) {
  try {
    call();
    ADD_FAILURE() << "nothing was thrown; expected an error that says: " << part;
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    EXPECT_THAT(error.what(), ::testing::HasSubstr(part));
  }
}

}  // namespace weir::testing
