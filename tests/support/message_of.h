// What an error says.
#pragma once

#include <functional>
#include <string>

#include <gtest/gtest.h>

#include "core/base/error.h"

namespace weir::testing {

// The message of the Error that `action` throws, which must be of this kind; "" when it throws
// none.
inline std::string message_of(const std::function<void()>& action,
                              ErrorKind kind = ErrorKind::kUsage) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    return error.what();
  }
  return "";
}

}  // namespace weir::testing
