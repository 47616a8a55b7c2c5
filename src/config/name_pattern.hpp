#pragma once

#include <memory>
#include <optional>
#include <ordain/naming.hpp>
#include <span>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
} // namespace re2

namespace ordain::config {

/// A key of [naming] that has a pattern.
struct PatternKey {
    std::string_view name;
    std::optional<NamePattern> Naming::*pattern = nullptr;
};
[[nodiscard]] std::span<const PatternKey> pattern_keys();

/// What RE2 says against a pattern; nothing where it can be used.
[[nodiscard]] std::optional<std::string> fault_of_pattern(std::string_view pattern);

inline constexpr std::string_view table_placeholder = "{table}";
inline constexpr std::string_view columns_placeholder = "{columns}";

/// What the placeholders of a pattern stand for.
struct Placeholders {
    std::string table;
    std::string columns;
};
/// A pattern as the regular expression that it is for these.
[[nodiscard]] std::string filled(std::string_view pattern, const Placeholders& with);

/// Holds names against regular expressions. It keeps the last one, because the names of a table are
/// asked about one after the other.
class NameMatcher {
public:
    NameMatcher();
    NameMatcher(const NameMatcher&) = delete;
    NameMatcher& operator=(const NameMatcher&) = delete;
    NameMatcher(NameMatcher&& other) noexcept;
    NameMatcher& operator=(NameMatcher&& other) noexcept;
    ~NameMatcher();

    /// Whether the expression matches the whole name. One that RE2 finds too large once it is
    /// filled says nothing against any name.
    [[nodiscard]] bool matches(const std::string& expression, std::string_view name);

private:
    std::unique_ptr<re2::RE2> last_;
};

} // namespace ordain::config
