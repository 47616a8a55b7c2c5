#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <ordain/catalog.hpp>
#include <ordain/judgement.hpp>
#include <ordain/source.hpp>
#include <string>
#include <string_view>

/// Pieces that the JSON reports share.
namespace ordain::report {

/// Keys keep the order in which they are written.
using Json = nlohmann::ordered_json;

/// The text of a report: indented, with a final line feed; bytes that are no UTF-8 become U+FFFD.
[[nodiscard]] std::string serialized(const Json& json);

/// null for an empty text: what is empty in our structures is "not applicable" or "not known".
[[nodiscard]] Json text_or_null(std::string_view text);
[[nodiscard]] Json number_or_null(std::uint32_t number);

/// {"file", "line", "column", "end_line", "end_column", "begin", "end"}: lines and columns count
/// from 1, columns in code points, the end is exclusive, begin and end are byte offsets. For a
/// whole file the file alone.
[[nodiscard]] Json place_json(const SourceSet& sources, Location where);

/// {"kind", "schema", "table", "name", "arguments"}, without what does not apply.
[[nodiscard]] Json object_json(const ObjectReference& object);
[[nodiscard]] Json objects_json(const std::vector<ObjectReference>& objects);

/// {"verdict", "sqlstate", "message", "statement", "line"}.
[[nodiscard]] Json answer_json(const SourceSet& sources, const Answer& answer);

} // namespace ordain::report
