#pragma once

#include <cstdint>
#include <optional>
#include <ordain/result.hpp>
#include <span>
#include <string>
#include <string_view>

namespace ordain::cli {

/// A text and where it goes.
struct Output {
    std::string text;
    std::optional<std::string> file; ///< Unset: standard output.
};

/// Whether somebody read it all.
enum class Written : std::uint8_t { all, reader_gone };

/// Writes files, each whole or not at all, and then standard output: nothing is printed when a file
/// cannot be written. A reader of standard output that closed its pipe is no failure; a full disk
/// is.
[[nodiscard]] Result<Written> write_outputs(std::span<const Output> outputs);

/// Writes "ordain: <message>" to standard error, control characters escaped.
void complain(std::string_view message);

} // namespace ordain::cli
