#pragma once

#include <optional>
#include <string_view>

namespace ordain::text {

/// Where PostgreSQL 15 allows a keyword as a name (manual, appendix C; pg_get_keywords()).
enum class KeywordCategory {
    unreserved,    ///< Any name.
    column_name,   ///< Any name but a function's or a type's.
    type_function, ///< Only a function's or a type's name.
    reserved,      ///< Only after AS or when quoted.
};

/// The category of a word in lower case, or nothing when it is no keyword.
[[nodiscard]] std::optional<KeywordCategory> keyword_category(std::string_view folded_word);

/// True when the word, in lower case, is of category reserved.
[[nodiscard]] bool is_reserved_keyword(std::string_view folded_word);

} // namespace ordain::text
