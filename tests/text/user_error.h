#pragma once
// What a call tells the person who made the mistake.

#include <string>

#include "base/error.h"

namespace weft {

/// The message of the UserError that `call` throws; "nothing thrown" if it does not.
template <typename Call>
std::string user_error(Call&& call) {
  try {
    call();
  } catch (const UserError& error) {
    return error.what();
  }
  return "nothing thrown";
}

}  // namespace weft
