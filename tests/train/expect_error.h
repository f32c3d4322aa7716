// Checks that a call throws weir::Error of a kind, with a message that says this.
#pragma once

#include <string>

#include <gmock/gmock.h>

#include "core/base/error.h"
#include "tests/support/message_of.h"

namespace weir::testing {

template <class Callable>
void expect_error(ErrorKind kind, const std::string& part, const Callable& call) {
  const std::string message = message_of(call, kind);
  EXPECT_FALSE(message.empty()) << "nothing was thrown; expected an error that says: " << part;
  EXPECT_THAT(message, ::testing::HasSubstr(part));
}

}  // namespace weir::testing
