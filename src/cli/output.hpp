#pragma once

#include <cstdint>
#include <ordain/result.hpp>
#include <string_view>

namespace ordain::cli {

/// Whether somebody read it all.
enum class Written : std::uint8_t { all, reader_gone };

/// Writes to standard output. A reader that closed its pipe is no failure; a full disk is.
[[nodiscard]] Result<Written> write_output(std::string_view text);

/// Writes "ordain: <message>" to standard error, control characters escaped.
void complain(std::string_view message);

} // namespace ordain::cli
