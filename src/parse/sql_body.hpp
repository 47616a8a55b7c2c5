#pragma once

#include <cstdint>
#include <optional>
#include <ordain/action.hpp>
#include <ordain/source.hpp>
#include <string_view>

namespace ordain::parse {

/// Parses the string body of a LANGUAGE sql function, as the server does when it creates it: fills
/// body_queries, or body_fault with the first refusal of the grammar. A statement that is no query
/// stands there as one of kind unsupported, and so does a body whose escapes hide where its text
/// stands in the file. `literal` are the bytes of body_span.
void read_sql_body(CreateFunction& function, std::string_view literal);

/// How far into a literal its value begins, when each byte of the value stands there as it is: no
/// escapes, no doubled quotes, one piece.
[[nodiscard]] std::optional<std::uint32_t> verbatim_offset(std::string_view literal);

} // namespace ordain::parse
