#pragma once

#include <string>
#include <tl/expected.hpp>

namespace ordain {

/// What went wrong with the environment (a file, an option, a setting), never with the SQL.
/// The message names the path or option and says what to do.
struct Failure {
    std::string message;
};

/// A value, or the reason why the environment could not provide it.
template <typename T>
using Result = tl::expected<T, Failure>;

/// Makes a failed Result.
[[nodiscard]] inline tl::unexpected<Failure> failure(std::string message) {
    return tl::unexpected<Failure>(Failure{.message = std::move(message)});
}

} // namespace ordain
